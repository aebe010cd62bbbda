/** A show in a list. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client.ts'
import { useFormat } from '../ui/format.ts'
import { Poster } from '../ui/Poster.tsx'
import { GenreName } from './Filters.tsx'
import { SaleState } from './SaleState.tsx'
import styles from './ShowCard.module.css'

export function ShowCard({ show }: { show: Schemas['ShowSummary'] }) {
  const { t } = useTranslation('shows')
  const format = useFormat()
  const [from, to] = [format.day(show.from), format.day(show.to)]
  const price =
    show.max_price === 0 ? t('free') : t('priceFrom', { price: format.money(show.min_price, show.currency) })
  return (
    <Link to="/shows/$showId" params={{ showId: show.show_id }} className={styles.card}>
      <Poster title={show.title} url={show.poster_url} seed={show.show_id} />
      <span className={styles.text}>
        <span className={styles.tags}>
          <SaleState state={show.sale_state} />
          <span className="soft">
            <GenreName genre={show.genre} />
          </span>
        </span>
        <strong>{show.title}</strong>
        <span className="soft">{show.venue}</span>
        <span className="soft numbers">{from === to ? from : t('between', { from, to })}</span>
        <span className="numbers">{price}</span>
      </span>
    </Link>
  )
}
