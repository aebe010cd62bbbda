/** A new show. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { Page } from '../ui/Page.tsx'
import { useDraft } from './draft.ts'
import { OrganizerOnly } from './OrganizerOnly.tsx'
import { ownShowQuery, ownShowsQuery } from './queries.ts'
import { ShowEditor } from './show/ShowEditor.tsx'
import { emptyShow, toNewShow } from './show/showForm.ts'

export function NewShowPage() {
  const { t } = useTranslation('manage')
  return (
    <OrganizerOnly>
      <Page title={t('newShow')}>
        <p className="soft">{t('newShowText')}</p>
        <NewShow />
      </Page>
    </OrganizerOnly>
  )
}

function NewShow() {
  const { t } = useTranslation('manage')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [form, setForm, forget] = useDraft('show', emptyShow)
  const create = useMutation({
    mutationFn: () => answer(api.POST('/v1/manage/shows', { body: toNewShow(form) })),
    onSuccess: async show => {
      forget()
      queries.setQueryData(ownShowQuery(show.show_id).queryKey, show)
      void queries.invalidateQueries({ queryKey: ownShowsQuery.queryKey })
      await navigate({ to: '/manage/shows/$showId', params: { showId: show.show_id } })
    },
  })
  return (
    <ShowEditor
      form={form}
      onChange={setForm}
      onSend={() => create.mutate()}
      error={create.error}
      sending={create.isPending}
      send={t('makeShow')}
    />
  )
}
