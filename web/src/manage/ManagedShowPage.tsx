/** One of the organizer's shows: its performances and its details. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { isProblem } from '../api/problem.ts'
import { patiently } from '../api/queries.ts'
import { showQuery } from '../shows/queries.ts'
import { Loading } from '../ui/Loading.tsx'
import { Notice, ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import styles from './Manage.module.css'
import { OrganizerOnly } from './OrganizerOnly.tsx'
import { PerformanceLine } from './PerformanceLine.tsx'
import { PublishButton } from './PublishButton.tsx'
import { ifMatch, type ManagedShow, ownShowQuery, ownShowsQuery } from './queries.ts'
import { ShowEditor } from './show/ShowEditor.tsx'
import { formOf, toNewShow, versionOf } from './show/showForm.ts'
import { WithdrawButton } from './WithdrawButton.tsx'

export function ManagedShowPage() {
  return (
    <OrganizerOnly>
      <OwnShow />
    </OrganizerOnly>
  )
}

function OwnShow() {
  const { t } = useTranslation('manage')
  const { showId } = useParams({ from: '/manage/shows/$showId' })
  const show = useQuery(ownShowQuery(showId))
  if (show.data === undefined) {
    return (
      <Page title={t('showTitle')} heading="hidden">
        {show.isError ? <ProblemNotice error={show.error} retry={() => void show.refetch()} /> : <Loading />}
      </Page>
    )
  }
  const published = show.data.performances.some(performance => performance.published)
  return (
    <Page
      title={show.data.title}
      aside={
        published && (
          <Link to="/shows/$showId" params={{ showId }} className="button quiet">
            {t('publicPage')}
          </Link>
        )
      }
    >
      <Link to="/manage">{t('toShows')}</Link>
      <Performances show={show.data} />
      <Details key={showId} show={show.data} published={published} />
    </Page>
  )
}

function Performances({ show }: { show: ManagedShow }) {
  const { t } = useTranslation('manage')
  return (
    <section className="card stack">
      <div className={styles.head}>
        <h2>{t('performances')}</h2>
        <Link to="/manage/shows/$showId/performances/new" params={{ showId: show.show_id }} className="button">
          {t('addPerformance')}
        </Link>
      </div>
      {show.performances.length === 0 && <p className="soft">{t('noPerformances')}</p>}
      <ul className={styles.performances}>
        {show.performances.map(performance => (
          <PerformanceLine key={performance.performance_id} performance={performance}>
            {performance.published ? (
              <WithdrawButton show={show} performance={performance} />
            ) : (
              <PublishButton show={show} performance={performance} />
            )}
          </PerformanceLine>
        ))}
      </ul>
    </section>
  )
}

function Details({ show, published }: { show: ManagedShow; published: boolean }) {
  const { t } = useTranslation('manage')
  const queries = useQueryClient()
  const [form, setForm] = useState(() => formOf(show))
  const [read, setRead] = useState(show)
  const look = () => queries.fetchQuery({ ...ownShowQuery(show.show_id), staleTime: 0 })
  const save = useMutation({
    mutationFn: async () => {
      const params = { path: { show_id: show.show_id }, header: ifMatch(versionOf(read, await look())) }
      const body = toNewShow(form, show.currency)
      return patiently(() => answer(api.PUT('/v1/manage/shows/{show_id}', { params, body })))
    },
    onSuccess: saved => {
      setRead(saved)
      queries.setQueryData(ownShowQuery(show.show_id).queryKey, saved)
      void queries.invalidateQueries({ queryKey: ownShowsQuery.queryKey })
      void queries.invalidateQueries({ queryKey: showQuery(show.show_id).queryKey })
    },
  })
  const reload = useMutation({
    mutationFn: look,
    onSuccess: fresh => {
      setRead(fresh)
      setForm(formOf(fresh))
      save.reset()
    },
  })
  const changed = isProblem(save.error, 'changed_meanwhile')
  const change = (next: typeof form) => {
    setForm(next)
    if (save.isSuccess) save.reset()
  }
  return (
    <section className="stack" aria-label={t('details')}>
      <h2>{t('details')}</h2>
      {save.isSuccess && <Notice tone="good" title={t('saved')} />}
      <ShowEditor
        form={form}
        onChange={change}
        onSend={() => save.mutate()}
        error={changed ? null : save.error}
        sending={save.isPending}
        send={t('save')}
        locked={published}
      >
        {changed && (
          <Notice tone="bad" title={t('changed.title')}>
            <p>{t('changed.text')}</p>
            <button
              type="button"
              className="button quiet small"
              disabled={reload.isPending}
              onClick={() => reload.mutate()}
            >
              {t('changed.reload')}
            </button>
          </Notice>
        )}
        {changed && reload.isError && <ProblemNotice error={reload.error} />}
      </ShowEditor>
    </section>
  )
}
