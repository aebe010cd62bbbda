/** Where a new house comes from: a template, a file, or nothing. */
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import { useFormat } from '../../ui/format.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Page } from '../../ui/Page.tsx'
import { OrganizerOnly } from '../OrganizerOnly.tsx'
import { keepDraft, keepTrace, NEW } from './drafts.ts'
import { withGradesOf } from './editor/desk.ts'
import { ACCEPTED, readHouse, useImportWords } from './editor/importing.ts'
import styles from './Houses.module.css'
import { PlanPicture } from './HouseThumbnail.tsx'
import { EMPTY_PLAN, type HousePlan } from './model/plan.ts'
import { type Parameters, parametersOf, TEMPLATES, type Template, templatePlan } from './model/templates.ts'
import { totalsOf } from './model/totals.ts'
import { parameterWords, templateWords } from './model/words.ts'

const GRADES = ['VIP', 'R', 'S', 'A']

export function NewHousePage() {
  return (
    <OrganizerOnly>
      <NewHouse />
    </OrganizerOnly>
  )
}

function NewHouse() {
  const { t: plans } = useTranslation('plans')
  const { t } = useTranslation('houses')
  const navigate = useNavigate()
  const [asked, ask] = useState<Template>()
  const [wrong, setWrong] = useState<string>()
  const words = useImportWords()
  const picker = useRef<HTMLInputElement>(null)
  const start = async (plan: HousePlan, known: readonly string[] = GRADES) => {
    const grades = withGradesOf(known, plan)
    await Promise.all([keepDraft(NEW, { plan, version: undefined, grades, at: Date.now() }), keepTrace(NEW, undefined)])
    await navigate({ to: '/manage/houses/draft' })
  }
  const read = async (file: File | undefined) => {
    if (file === undefined) return
    setWrong(undefined)
    try {
      await start((await readHouse(file)).plan, [])
    } catch (error) {
      setWrong(words.error(error))
    }
  }
  const samples = useTemplates()
  return (
    <Page title={t('create')}>
      <Link to="/manage/houses">{t('toHouses')}</Link>
      <p className="soft">{t('start.text')}</p>
      <ul className={styles.templates}>
        {TEMPLATES.map(template => (
          <li key={template}>
            <button
              type="button"
              aria-pressed={asked === template}
              onClick={() => ask(asked === template ? undefined : template)}
            >
              <PlanPicture plan={samples[template]} grades={GRADES} />
              <strong>{templateWords(plans, template)}</strong>
              <PlaceCount plan={samples[template]} />
            </button>
          </li>
        ))}
      </ul>
      {asked !== undefined && <Wishes key={asked} template={asked} onStart={start} />}
      <section className="card stack">
        <h2>{t('start.otherwise')}</h2>
        <p className="soft">{t('start.fileText')}</p>
        {wrong !== undefined && <Notice tone="bad" title={wrong} />}
        <div className="row">
          <button type="button" className="button quiet" onClick={() => picker.current?.click()}>
            {t('start.file')}
          </button>
          <button type="button" className="button quiet" onClick={() => void start(EMPTY_PLAN)}>
            {t('start.empty')}
          </button>
        </div>
        <input
          ref={picker}
          type="file"
          hidden
          accept={ACCEPTED}
          data-import=""
          onChange={event => {
            void read(event.target.files?.[0])
            event.target.value = ''
          }}
        />
      </section>
    </Page>
  )
}

function PlaceCount({ plan }: { plan: HousePlan }) {
  const { t } = useTranslation('houses')
  const format = useFormat()
  return <span className="soft numbers">{t('placesOf', { places: format.count(totalsOf(plan).places) })}</span>
}

function useMakePlan() {
  const { t } = useTranslation('houses')
  return useMemo(() => {
    const words = { stage: t('tools.stage'), bar: t('start.bar'), sound: t('start.sound') }
    return (template: Template, parameters: Parameters, name = '') =>
      templatePlan(template, { grades: GRADES, parameters, name, words })
  }, [t])
}

function useTemplates(): Record<Template, HousePlan> {
  const make = useMakePlan()
  return useMemo(
    () => Object.fromEntries(TEMPLATES.map(template => [template, make(template, {})])) as Record<Template, HousePlan>,
    [make],
  )
}

/** How large the house is to be. */
function Wishes({ template, onStart }: { template: Template; onStart: (plan: HousePlan) => Promise<void> }) {
  const { t: plans } = useTranslation('plans')
  const { t } = useTranslation('houses')
  const make = useMakePlan()
  const [name, setName] = useState(templateWords(plans, template))
  const [parameters, setParameters] = useState<Parameters>({})
  const plan = useDeferredValue(useMemo(() => make(template, parameters), [make, template, parameters]))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void onStart(make(template, parameters, name.trim()))
  }
  return (
    <form className={`card ${styles.wishes}`} onSubmit={submit}>
      <PlanPicture plan={plan} grades={GRADES} />
      <div className="stack">
        <Field label={t('name')}>
          <input value={name} maxLength={100} onChange={event => setName(event.target.value)} />
        </Field>
        <div className={styles.parameters}>
          {parametersOf(template).map(({ key, min, max, initial }) => (
            <Field key={key} label={parameterWords(plans, key)} hint={String(parameters[key] ?? initial)}>
              <input
                type="range"
                min={min}
                max={max}
                value={parameters[key] ?? initial}
                onChange={event => setParameters({ ...parameters, [key]: Number(event.target.value) })}
              />
            </Field>
          ))}
        </div>
        <div className="row">
          <button type="submit" className="button">
            {t('start.begin')}
          </button>
          <PlaceCount plan={plan} />
        </div>
      </div>
    </form>
  )
}
