/** A new performance: its time, its sale and its seating plan. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api, type Schemas } from '../api/client.ts'
import { serverNow } from '../api/clock.ts'
import { Loading } from '../ui/Loading.tsx'
import { Notice, ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { useDraft } from './draft.ts'
import { checkHouse } from './house/check.ts'
import { type House, toLayout } from './house/house.ts'
import { SeatPlanBuilder } from './house/SeatPlanBuilder.tsx'
import { houseOf } from './house/templates.ts'
import { type ChosenHouse, HouseChoice, useChosenHouse } from './houses/HouseChoice.tsx'
import styles from './Manage.module.css'
import { OrganizerOnly } from './OrganizerOnly.tsx'
import { SaleFields } from './performance/SaleFields.tsx'
import { checkSale, type SaleForm, saleOf, toNewSale } from './performance/saleForm.ts'
import { type ManagedShow, ownShowQuery, ownShowsQuery } from './queries.ts'
import { fromVenue } from './venueTime.ts'
import { serverErrors, useFocusOnWrong } from './wrongFields.ts'

export function NewPerformancePage() {
  return (
    <OrganizerOnly>
      <NewPerformance />
    </OrganizerOnly>
  )
}

function NewPerformance() {
  const { t } = useTranslation('manage')
  const { showId } = useParams({ from: '/manage/shows/$showId/performances/new' })
  const show = useQuery(ownShowQuery(showId))
  return (
    <Page title={t('newPerformance')}>
      {show.isPending && <Loading />}
      {show.isError && <ProblemNotice error={show.error} retry={() => void show.refetch()} />}
      {show.data !== undefined && (
        <>
          <Link to="/manage/shows/$showId" params={{ showId }}>
            {show.data.title}
          </Link>
          <PerformanceForm key={showId} show={show.data} />
        </>
      )}
    </Page>
  )
}

interface PerformanceDraft {
  sale: SaleForm
  /** The quick plan. */
  house: House
  way?: 'simple' | 'house'
  chosen?: ChosenHouse
}

function PerformanceForm({ show }: { show: ManagedShow }) {
  const { t } = useTranslation(['manage', 'houses'])
  const [{ sale, house, way = 'simple', chosen }, setDraft, forget] = useDraft(
    `performance.${show.show_id}`,
    (): PerformanceDraft => ({ sale: saleOf(serverNow()), house: houseOf('hall', dearestFirst(show)) }),
  )
  const [tries, setTries] = useState(0)
  const create = useCreate(show, forget)
  const wrongHouse = checkHouse(house, show.grades)
  const library = useChosenHouse(way === 'house' ? chosen : undefined, show.grades)
  const hasWheelchairs = way === 'house' && library.hasWheelchairs
  const meant = hasWheelchairs ? sale : { ...sale, accessibleReleaseAt: '' }
  const wrong = checkSale(meant, serverNow())
  const isSimpleFit = wrongHouse.house === undefined && wrongHouse.sections.size === 0
  const isHouseFit = chosen !== undefined && library.unknown.length === 0
  const fit = Object.keys(wrong).length === 0 && (way === 'simple' ? isSimpleFit : isHouseFit)
  const refused = serverErrors(create.error)
  const shown = Object.entries(tries === 0 ? {} : wrong).map(([field, why]) => [field, t(`wrong.${why ?? 'time'}`)])
  const form = useFocusOnWrong(tries, create.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTries(tries + 1)
    const starts_at = fromVenue(sale.startsAt)
    if (fit && starts_at !== undefined) {
      const seating = way === 'house' && chosen !== undefined ? { house: chosen } : { layout: toLayout(house) }
      create.mutate({ starts_at, ...seating, sale: toNewSale(meant) })
    }
  }
  const changeHouse = (change: (before: House) => House) =>
    setDraft(before => ({ ...before, house: change(before.house) }))
  return (
    <form ref={form} className="stack" onSubmit={submit} noValidate>
      <SaleFields
        form={sale}
        onChange={next => setDraft(before => ({ ...before, sale: next }))}
        errors={{ ...refused, ...Object.fromEntries(shown) }}
        hasWheelchairs={hasWheelchairs}
      />
      <section className="card stack" aria-label={t('house.title')}>
        <h2>{t('house.title')}</h2>
        <Ways way={way} onChange={way => setDraft(before => ({ ...before, way }))} />
        {way === 'house' ? (
          <>
            <HouseChoice chosen={chosen} onChoose={chosen => setDraft(before => ({ ...before, chosen }))} />
            {library.unknown.length > 0 && (
              <Notice tone="bad">{t('houses:choose.grades', { grades: library.unknown.join(', ') })}</Notice>
            )}
            {tries > 0 && chosen === undefined && <Notice tone="bad" title={t('houses:choose.wrong')} />}
          </>
        ) : (
          <>
            <p className="soft">{t('house.text')}</p>
            <SeatPlanBuilder
              house={house}
              grades={show.grades}
              currency={show.currency}
              refused={refused.layout}
              onChange={changeHouse}
            />
          </>
        )}
      </section>
      {create.isError && <ProblemNotice error={create.error} />}
      <button type="submit" className="button" disabled={create.isPending}>
        {t('makePerformance')}
      </button>
    </form>
  )
}

/** From a house of the library, or a quick plan of straight rows. */
function Ways({ way, onChange }: { way: 'simple' | 'house'; onChange: (way: 'simple' | 'house') => void }) {
  const { t } = useTranslation('houses')
  return (
    <fieldset className={styles.ways}>
      <legend className="hidden">{t('choose.label')}</legend>
      {(['simple', 'house'] as const).map(each => (
        <label key={each}>
          <input type="radio" name="way" checked={way === each} onChange={() => onChange(each)} />
          {t(`choose.${each}`)}
        </label>
      ))}
    </fieldset>
  )
}

function dearestFirst({ grades }: ManagedShow): string[] {
  return grades.toSorted((a, b) => b.price - a.price).map(({ grade }) => grade)
}

/** Sent once, and again only when the organizer asks: a repeat would make a second performance. */
function useCreate(show: ManagedShow, forget: () => void) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const params = { path: { show_id: show.show_id } }
  return useMutation({
    mutationFn: (body: Schemas['NewPerformance']) => send(params, body),
    onSuccess: async () => {
      forget()
      void queries.invalidateQueries({ queryKey: ownShowsQuery.queryKey })
      await queries.invalidateQueries({ queryKey: ownShowQuery(show.show_id).queryKey })
      await navigate({ to: '/manage/shows/$showId', params: { showId: show.show_id } })
    },
  })
}

function send(params: { path: { show_id: string } }, body: Schemas['NewPerformance']) {
  return answer(api.POST('/v1/manage/shows/{show_id}/performances', { params, body }))
}
