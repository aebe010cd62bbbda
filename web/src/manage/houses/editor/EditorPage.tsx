/** Opens a house of the library, or the one that is not in it yet, and saves it there as a version. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../../../api/problem.ts'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { ProblemNotice } from '../../../ui/Notice.tsx'
import { Page, useTitle } from '../../../ui/Page.tsx'
import { OrganizerOnly } from '../../OrganizerOnly.tsx'
import { adopt, type Draft, draftOf, dropDraft, keepDraft, keepTrace, NEW, traceOf } from '../drafts.ts'
import { addHouse, type House, houseQuery, housesQuery, saveHouse } from '../library.ts'
import { EMPTY_PLAN } from '../model/plan.ts'
import { Desk, usePlan } from './desk.ts'
import { Editor, useAfterChanges } from './Editor.tsx'
import type { ShownTrace } from './trace.ts'

const KEEP_MS = 500

export function HousePage() {
  const { houseId } = useParams({ from: '/manage/houses/$houseId' })
  return (
    <OrganizerOnly>
      <Opened key={houseId} houseId={houseId} />
    </OrganizerOnly>
  )
}

export function DraftPage() {
  return (
    <OrganizerOnly>
      <Opened houseId={undefined} />
    </OrganizerOnly>
  )
}

interface Kept {
  draft: Draft | undefined
  trace: ShownTrace | undefined
}

function Opened({ houseId }: { houseId: string | undefined }) {
  const { t } = useTranslation('houses')
  const house = useQuery({
    ...houseQuery(houseId ?? ''),
    enabled: houseId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const kept = useQuery({
    queryKey: ['house-draft', houseId ?? NEW],
    queryFn: async (): Promise<Kept> => {
      const [draft, trace] = await Promise.all([draftOf(houseId ?? NEW), traceOf(houseId ?? NEW)])
      return { draft, trace }
    },
    networkMode: 'always',
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const isReady = kept.data !== undefined && (houseId === undefined || house.data !== undefined)
  if (house.isError && house.data === undefined) {
    return (
      <Page title={t('title')}>
        <ProblemNotice error={house.error} retry={() => void house.refetch()} />
      </Page>
    )
  }
  if (!isReady || kept.data === undefined) {
    return (
      <Page title={t('title')} heading="hidden">
        <Loading />
      </Page>
    )
  }
  return <Desktop house={house.data} kept={kept.data} />
}

function Desktop({ house, kept: { draft, trace } }: { house: House | undefined; kept: Kept }) {
  const [desk] = useState(() => {
    const made = new Desk(draft?.plan ?? house?.plan ?? EMPTY_PLAN, house?.plan, draft?.grades)
    made.set({ trace })
    return made
  })
  const { name } = usePlan(desk)
  useTitle(name)
  const saving = useSaving(desk, house?.house_id, draft === undefined ? house?.version : draft.version)
  const key = house?.house_id ?? NEW
  useAfterChanges(desk, KEEP_MS, () => {
    const { history, saved, grades, trace } = desk.state
    const plan = history.present
    const kept =
      plan === saved ? dropDraft(key) : keepDraft(key, { plan, version: saving.version, grades, at: Date.now() })
    void Promise.all([kept, keepTrace(key, trace)]).catch(() => {})
  })
  return (
    <main id="main" tabIndex={-1} style={{ outline: 'none' }}>
      <h1 className="hidden">{name}</h1>
      <Editor desk={desk} version={saving.version} isSaving={saving.isPending} onSave={saving.save} />
      {saving.conflict && <Conflict saving={saving} />}
      {saving.error !== null && <Failed saving={saving} />}
    </main>
  )
}

type Saving = ReturnType<typeof useSaving>

function useSaving(desk: Desk, houseId: string | undefined, first: number | undefined) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [version, setVersion] = useState(first)
  const write = useMutation({
    mutationFn: async (as: 'version' | 'house') => {
      const { plan } = desk
      const isVersion = as === 'version' && houseId !== undefined && version !== undefined
      return { saved: isVersion ? await saveHouse(houseId, version, plan) : await addHouse(plan), isVersion }
    },
    onSuccess: async ({ saved, isVersion }) => {
      queries.setQueryData(houseQuery(saved.house_id).queryKey, saved)
      void queries.invalidateQueries({ queryKey: housesQuery.queryKey })
      desk.set({ saved: saved.plan })
      if (isVersion) return setVersion(saved.version)
      if (houseId === undefined) await adopt(saved.house_id)
      else await dropDraft(houseId)
      await navigate({
        to: '/manage/houses/$houseId',
        params: { houseId: saved.house_id },
        replace: houseId === undefined,
      })
    },
  })
  const conflict = isProblem(write.error, 'changed_meanwhile')
  return {
    version,
    isPending: write.isPending,
    conflict,
    error: conflict ? null : write.error,
    save: () => write.mutate('version'),
    saveAsNew: () => write.mutate('house'),
    close: () => write.reset(),
  }
}

/** Another version was saved meanwhile: nothing is overwritten. */
function Conflict({ saving }: { saving: Saving }) {
  const { t } = useTranslation(['houses', 'common'])
  return (
    <Dialog
      title={t('conflict.title')}
      onClose={saving.close}
      actions={
        <>
          <button type="button" className="button quiet" onClick={saving.close}>
            {t('common:cancel')}
          </button>
          <button type="button" className="button" onClick={saving.saveAsNew}>
            {t('conflict.saveAsNew')}
          </button>
        </>
      }
    >
      <p>{t('conflict.text')}</p>
    </Dialog>
  )
}

function Failed({ saving }: { saving: Saving }) {
  const { t } = useTranslation(['houses', 'common'])
  return (
    <Dialog
      title={t('failed.title')}
      onClose={saving.close}
      actions={
        <button type="button" className="button" onClick={saving.close}>
          {t('failed.close')}
        </button>
      }
    >
      <ProblemNotice error={saving.error} />
      <p className="soft">{t('failed.text')}</p>
    </Dialog>
  )
}
