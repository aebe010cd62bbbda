/** The last twenty changes to the sale, newest first, with their time and author. */
import { useTranslation } from 'react-i18next'
import { useUser } from '../../account/session.ts'
import { useFormat } from '../../ui/format.ts'
import type { LiveSale } from '../queries.ts'
import styles from './Sale.module.css'
import { useStaffName } from './staffName.ts'

type SaleChange = LiveSale['changes'][number]
type Values = SaleChange['after']

const NAMES = ['state', 'cap', 'rate_per_min', 'challenge_bits', 'bypass'] as const

export function Changes({ sale }: { sale: LiveSale }) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const who = useWho(sale)
  return (
    <section className="card stack" aria-label={t('changes.title')}>
      <h2>{t('changes.title')}</h2>
      {sale.changes.length === 0 && <p className="soft">{t('changes.none')}</p>}
      <ol className={styles.changes}>
        {sale.changes.map(change => (
          <li key={`${change.at} ${change.by}`}>
            <time dateTime={change.at} className="soft numbers">
              {format.day(change.at)} {format.time(change.at)} · {who(change.by)}
            </time>
            <What change={change} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function What({ change: { before, after } }: { change: SaleChange }) {
  const { t } = useTranslation('manage')
  const shown = useValue()
  const changed = NAMES.filter(name => after[name] != null)
  return (
    <ul>
      {changed.map(name => (
        <li key={name} className="numbers">
          {t('changes.what', {
            what: t(`changes.${name}`),
            before: shown(before, name),
            after: shown(after, name),
          })}
        </li>
      ))}
    </ul>
  )
}

function useValue(): (values: Values, name: (typeof NAMES)[number]) => string {
  const { t } = useTranslation('manage')
  const format = useFormat()
  return (values, name) => {
    const value = values[name]
    if (value == null) return '–'
    if (typeof value === 'number') return format.count(value)
    if (typeof value === 'object') return t('changes.people', { count: value.length })
    return value === 'open' || value === 'paused' || value === 'closed' ? t(`changes.states.${value}`) : value
  }
}

/** Names the accounts that are known here; the record holds only ids. */
function useWho({ bypass }: LiveSale): (account: string) => string {
  const { t } = useTranslation('manage')
  const user = useUser()
  const name = useStaffName()
  return account => {
    if (account === user?.user_id) return t('changes.me')
    return name(bypass.find(({ user_id }) => user_id === account) ?? { user_id: account })
  }
}
