/** The client's types are those of the committed OpenAPI document. */
import { readFileSync } from 'node:fs'
import openapi, { astToString } from 'openapi-typescript'
import { expect, test } from 'vitest'

test('the types match the document: `make openapi` renews them', async () => {
  const document = new URL('../../../functions/all/openapi.json', import.meta.url)
  const made = astToString(await openapi(document, { alphabetize: true }))
  const committed = readFileSync('src/api/schema.d.ts', 'utf8')
  expect(committed.endsWith(made)).toBe(true)
})
