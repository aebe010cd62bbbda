/** The languages: Korean first, English beside it. Each is one file that is fetched when it is first needed. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const LANGUAGES = ['ko', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const KEY = 'yemae.language'
const load = { ko: () => import('./ko/index.ts'), en: () => import('./en/index.ts') }

/** Starts with the language chosen last, else the browser's, else Korean. */
export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    fallbackLng: false,
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  await changeTo(preferred())
}

/** Changes the language of the whole page. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEY, language)
  await changeTo(language)
}

async function changeTo(language: Language): Promise<void> {
  const { default: texts } = await load[language]()
  for (const [room, words] of Object.entries(texts)) i18next.addResourceBundle(language, room, words)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

function preferred(): Language {
  const asked = [localStorage.getItem(KEY), ...navigator.languages].map(tag => tag?.slice(0, 2))
  return asked.find(tag => tag === 'ko' || tag === 'en') ?? 'ko'
}
