/** Korean and English match: the same keys, the same placeholders, no empty text, no unused text. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import en from '../../src/i18n/en/index.ts'
import ko from '../../src/i18n/ko/index.ts'

type Texts = { [key: string]: string | Texts }

function flat(texts: Texts, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [[path + key, text] as [string, string]] : flat(text, `${path}${key}.`),
  )
}

const korean = new Map(flat(ko))
const english = new Map(flat(en))
/** English has two plural forms where Korean has one. */
const withoutForm = (key: string) => key.replace(/_(one|other)$/, '')
const keys = (texts: Map<string, string>) => new Set([...texts.keys()].map(withoutForm))
const putIn = (text: string) => new Set(Array.from(text.matchAll(/{{(\w+)/g), match => match[1]))

/** How a source may name a key: in full, or with one part computed. */
function forms(path: string[]): RegExp[] {
  const escaped = path.map(part => part.replaceAll('-', String.raw`\-`))
  const computed = escaped.map((_, index) => escaped.with(index, String.raw`\$\{[^}]+\}`))
  return [escaped, ...computed].map(parts => new RegExp(`['"\`:]${parts.join(String.raw`\.`)}['"\`]`))
}

describe('texts', () => {
  test('both languages have the same keys', () => {
    expect([...keys(english)].sort()).toEqual([...keys(korean)].sort())
  })

  test('no text is empty', () => {
    const empty = [...korean, ...english].filter(([, text]) => text.trim() === '')
    expect(empty).toEqual([])
  })

  test('both languages have the same placeholders', () => {
    const differing = [...english].filter(([key, text]) => {
      const other = korean.get(key) ?? korean.get(withoutForm(key)) ?? korean.get(`${withoutForm(key)}_other`) ?? ''
      return [...putIn(other)].sort().join() !== [...putIn(text)].sort().join() && !key.endsWith('_one')
    })
    expect(differing).toEqual([])
  })

  test('every code of the contract has a text', () => {
    const problems = readFileSync('../shared/src/http/problem.rs', 'utf8')
    const codes = [...problems.matchAll(/^ {4}\w+ "(\w+)" \d{3} "/gm)].map(match => match[1])
    expect(codes.length).toBeGreaterThan(30)
    expect(codes.filter(code => !korean.has(`problems.${code}`))).toEqual([])
  })

  test('every text is used by a screen', () => {
    const sources = readdirSync('src', { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('i18n'))
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n')
    const unused = [...keys(korean)].filter(key => {
      const [group, ...path] = key.split('.')
      return group !== 'problems' && !forms(path).some(form => form.test(sources))
    })
    expect(unused).toEqual([])
  })
})
