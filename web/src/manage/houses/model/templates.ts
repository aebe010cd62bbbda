/** Houses to start from. Each looks like one of its kind, and passes every check. */

import { wheelchairWith } from './edit/places.ts'
import { findSeat } from './names.ts'
import { focusOf } from './placed.ts'
import { EMPTY_PLAN, type HousePlan } from './plan.ts'
import type { Kind, Parameter, ParameterKey, Parameters, Words } from './templates/kind.ts'
import { arena, stadium } from './templates/large.ts'
import { graded } from './templates/parts.ts'
import { club, field, theatre } from './templates/small.ts'

export type { Parameter, ParameterKey, Parameters, Words } from './templates/kind.ts'

export const TEMPLATES = ['club', 'theatre', 'arena', 'stadium', 'field'] as const
export type Template = (typeof TEMPLATES)[number]

const KINDS: Record<Template, Kind> = { club, theatre, arena, stadium, field }

export function parametersOf(template: Template): readonly Parameter[] {
  return KINDS[template].parameters
}

export interface TemplateWishes {
  /** The dearest first; it is nearest to the stage. */
  grades: readonly string[]
  parameters?: Parameters
  name: string
  words: Words
}

export function templatePlan(template: Template, { grades, parameters = {}, name, words }: TemplateWishes): HousePlan {
  const kind = KINDS[template]
  const value = (key: ParameterKey) => {
    const known = kind.parameters.find(parameter => parameter.key === key)
    if (known === undefined) return 0
    return Math.round(Math.min(known.max, Math.max(known.min, parameters[key] ?? known.initial)))
  }
  const { wheelchairs, ...drawing } = kind.draw(value, words)
  const plan = { ...EMPTY_PLAN, ...drawing, name }
  const priced: HousePlan = {
    ...plan,
    sections: graded(plan.sections, grades.length > 0 ? grades : ['R'], focusOf(plan)),
  }
  return wheelchairs
    .filter(seat => findSeat(priced, seat) !== undefined)
    .reduce((edited, seat) => wheelchairWith(edited, seat), priced)
}
