/** What every template says of itself. */
import type { HousePlan } from '../plan.ts'

/** What can be chosen before a template is drawn. */
export interface Parameter {
  readonly key: ParameterKey
  readonly min: number
  readonly max: number
  readonly initial: number
}

export type ParameterKey = 'rows' | 'seats' | 'upperRows' | 'sides' | 'standing' | 'areas'
export type Parameters = Readonly<Partial<Record<ParameterKey, number>>>

/** What a template draws; the rest of the plan is the same for all. */
export type Drawing = Pick<HousePlan, 'stage' | 'decorations' | 'sections'> & {
  /** Seats that become wheelchair places, each with the seat beside it for a companion. */
  wheelchairs: readonly string[]
}

export interface Kind {
  parameters: readonly Parameter[]
  draw: (value: (key: ParameterKey) => number, words: Words) => Drawing
}

/** What is written on the plan, in the organizer's language. */
export interface Words {
  readonly stage: string
  readonly bar: string
  readonly sound: string
}
