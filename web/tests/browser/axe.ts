/** Checks a page with axe. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Result {
  violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]
}

/** Expects no violation of WCAG 2.2 AA or of axe's best practices. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  await page.evaluate(source)
  const result = await page.evaluate<Result>('axe.run(document, { resultTypes: ["violations"] })')
  const violations = result.violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`),
  }))
  expect(violations, what).toEqual([])
}
