/** The library: one's own houses, each with a picture. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import { Page } from '../../ui/Page.tsx'
import { Paged } from '../../ui/Paged.tsx'
import { OrganizerOnly } from '../OrganizerOnly.tsx'
import { draftOf, NEW } from './drafts.ts'
import styles from './Houses.module.css'
import { HouseThumbnail, PlanPicture } from './HouseThumbnail.tsx'
import { type HouseSummary, housesQuery } from './library.ts'
import { totalsOf } from './model/totals.ts'

export function HousesPage() {
  return (
    <OrganizerOnly>
      <Houses />
    </OrganizerOnly>
  )
}

function Houses() {
  const { t } = useTranslation('houses')
  const houses = useInfiniteQuery(housesQuery)
  return (
    <Page
      title={t('title')}
      aside={
        <Link to="/manage/houses/new" className="button">
          {t('create')}
        </Link>
      }
    >
      <Link to="/manage">{t('toShows')}</Link>
      <p className="soft">{t('text')}</p>
      <Unsaved />
      <Paged
        list={houses}
        className={styles.houses}
        keyOf={house => house.house_id}
        none={<p className="card soft">{t('none')}</p>}
      >
        {house => <HouseCard house={house} />}
      </Paged>
    </Page>
  )
}

function HouseCard({ house }: { house: HouseSummary }) {
  const { t } = useTranslation('houses')
  const format = useFormat()
  return (
    <article className={`card ${styles.house}`}>
      <HouseThumbnail houseId={house.house_id} version={house.version} />
      <h2>
        <Link to="/manage/houses/$houseId" params={{ houseId: house.house_id }}>
          {house.name}
        </Link>
      </h2>
      <p className="soft numbers">
        {t('placesOf', { places: format.count(house.seat_count) })} ·{' '}
        {t('sectionsOf', { sections: format.count(house.section_count) })} ·{' '}
        {t('versionOf', { version: house.version })}
      </p>
      <p className="soft numbers">{t('changedAt', { at: format.moment(house.updated_at) })}</p>
    </article>
  )
}

/** The house that is not in the library yet, if there is one on this device. */
function Unsaved() {
  const { t } = useTranslation('houses')
  const format = useFormat()
  const draft = useQuery({
    queryKey: ['house-draft-listed'],
    queryFn: async () => (await draftOf(NEW)) ?? null,
    networkMode: 'always',
    staleTime: 0,
  })
  if (draft.data == null) return null
  const { plan, grades } = draft.data
  return (
    <article className={`card ${styles.unsaved}`}>
      <PlanPicture plan={plan} grades={grades} />
      <div>
        <h2>
          <Link to="/manage/houses/draft">{plan.name === '' ? t('untitled') : plan.name}</Link>
        </h2>
        <p className="soft numbers">
          {t('placesOf', { places: format.count(totalsOf(plan).places) })} · {t('state.draft')}
        </p>
      </div>
    </article>
  )
}
