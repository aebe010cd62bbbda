/** The product's own texts in the film's language, for finding what is on the screen. */
import { createInstance, type TFunction } from 'i18next'
import en from '../../src/i18n/en/index.ts'
import type { Language } from '../../src/i18n/index.ts'
import ko from '../../src/i18n/ko/index.ts'

const GROUPS = ['common', 'account', 'bookings', 'manage', 'queue', 'seats', 'shows'] as const

export type Words = TFunction<typeof GROUPS>

export async function wordsOf(language: Language): Promise<Words> {
  const texts = createInstance()
  await texts.init({ lng: language, resources: { [language]: language === 'ko' ? ko : en }, ns: [...GROUPS] })
  return texts.getFixedT(language, GROUPS)
}
