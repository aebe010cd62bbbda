/** Mistakes and what an import tells, in words: the text group `plans`. */
import type { TFunction } from 'i18next'
import type { Mistake } from './check/mistake.ts'
import type { ImportError, Remark } from './import/imported.ts'
import type { ParameterKey } from './templates/kind.ts'
import type { Template } from './templates.ts'

type Words = TFunction<'plans'>

export function mistakeWords(t: Words, { code, values }: Mistake): string {
  return t(`mistakes.${code}`, values)
}

export function remarkWords(t: Words, { code, values }: Remark): string {
  return t(`remarks.${code}`, values)
}

export function importErrorWords(t: Words, { code, where, values }: ImportError): string {
  const at = where.line === undefined ? '' : t('importErrors.line', { line: where.line })
  return t(`importErrors.${code}`, { ...values, at })
}

export function templateWords(t: Words, template: Template): string {
  return t(`templates.${template}`)
}

export function parameterWords(t: Words, key: ParameterKey): string {
  return t(`parameters.${key}`)
}
