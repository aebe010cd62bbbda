/** Tells the compiler every key of every text. */
import type ko from './ko/index.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: typeof ko
    returnNull: false
  }
}
