/** The languages: Korean first, English beside it. Texts are fetched group by group when they are first needed. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { nameSections } from './section.ts'

export const LANGUAGES = ['ko', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
/** Texts that come with their screens. */
export type TextGroup = 'bookings' | 'houses' | 'manage' | 'plans' | 'queue' | 'seats'

type Texts = Record<string, unknown>

const KEY = 'yemae.language'
const first: Record<Language, () => Promise<{ default: Record<string, Texts> }>> = {
  ko: () => import('./ko/ko.ts'),
  en: () => import('./en/en.ts'),
}
const groups = import.meta.glob<Texts>('./*/{bookings,houses,manage,plans,queue,seats}.json', { import: 'default' })
const needed = new Set<TextGroup>()

/** Starts with the language chosen last, or else the browser's, or else Korean. */
export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    fallbackLng: false,
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  nameSections(i18next)
  await changeTo(preferred())
}

/** Changes the language of the whole page. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEY, language)
  await changeTo(language)
}

/** Fetches these groups before a screen needs them. */
export async function needTexts(...asked: TextGroup[]): Promise<void> {
  for (const group of asked) needed.add(group)
  await Promise.all(asked.map(group => fetchGroup(i18next.language as Language, group)))
}

async function changeTo(language: Language): Promise<void> {
  const { default: texts } = await first[language]()
  for (const [group, words] of Object.entries(texts)) i18next.addResourceBundle(language, group, words)
  await Promise.all([...needed].map(group => fetchGroup(language, group)))
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

async function fetchGroup(language: Language, group: TextGroup): Promise<void> {
  if (i18next.hasResourceBundle(language, group)) return
  i18next.addResourceBundle(language, group, await groups[`./${language}/${group}.json`]?.())
}

function preferred(): Language {
  const asked = [localStorage.getItem(KEY), ...navigator.languages].map(tag => tag?.slice(0, 2))
  return asked.find(tag => tag === 'ko' || tag === 'en') ?? 'ko'
}
