/** What is on the editor's desk: the plan and its history, what is selected, and the tool in hand. Kept outside React. */
import { useSyncExternalStore } from 'react'
import { canRedo, canUndo, did, ended, type History, redone, started, undone } from '../model/history.ts'
import type { Edited, HousePlan, PlaceKind, Section, Selection, ShapeRef } from '../model/plan.ts'
import { sectionsByName } from './drawn.ts'
import type { ShownTrace } from './trace.ts'

export const TOOLS = [
  'select',
  'seats',
  'pan',
  'rows',
  'standing',
  'stage',
  'field',
  'wall',
  'door',
  'text',
  'grade',
  'mark',
  'focus',
] as const
export type Tool = (typeof TOOLS)[number]

/** What a stroke of the brush covers. */
export type Stroke = 'seats' | 'rows' | 'sections'

export interface DeskState {
  readonly history: History<HousePlan>
  readonly selection: Selection
  readonly tool: Tool
  /** The grades of the house in the order of their colours, also those that no place has yet. */
  readonly grades: readonly string[]
  /** The grade on the brush. */
  readonly brush: string
  readonly stroke: Stroke
  readonly mark: PlaceKind
  /** How an area is selected. */
  readonly area: 'rectangle' | 'lasso'
  readonly snaps: boolean
  readonly trace: ShownTrace | undefined
  /** What was copied: whole sections or shapes, out of the plan they were in. */
  readonly copied: { plan: HousePlan; selection: Selection } | undefined
  /** The plan as the library has it. */
  readonly saved: HousePlan | undefined
}

export const NOTHING: Selection = { kind: 'sections', names: [] }

export class Desk {
  state: DeskState
  readonly #listeners = new Set<() => void>()

  constructor(plan: HousePlan, saved: HousePlan | undefined, grades: readonly string[] = []) {
    const all = withGradesOf(grades, plan)
    this.state = {
      history: started(plan),
      selection: NOTHING,
      tool: 'select',
      grades: all,
      brush: all[0] ?? '',
      stroke: 'seats',
      mark: 'wheelchair',
      area: 'rectangle',
      snaps: true,
      trace: undefined,
      copied: undefined,
      saved,
    }
  }

  get plan(): HousePlan {
    return this.state.history.present
  }

  /** Changes what is not part of the plan. */
  set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.#listeners) listener()
  }

  select(selection: Selection): void {
    this.set({ selection })
  }

  /** Changes the plan. Changes with the same `going`, one after another, are undone together. */
  edit(change: (plan: HousePlan) => HousePlan, going?: string): void {
    this.#did(change(this.plan), this.state.selection, going)
  }

  /** Changes the plan and selects what a person expects to be selected then. */
  make(change: (plan: HousePlan) => Edited, going?: string): void {
    const { plan, selection } = change(this.plan)
    this.#did(plan, selection, going)
  }

  /** The next change is a step of its own. */
  end(): void {
    this.set({ history: ended(this.state.history) })
  }

  undo(): void {
    if (canUndo(this.state.history)) this.#show(undone(this.state.history))
  }

  redo(): void {
    if (canRedo(this.state.history)) this.#show(redone(this.state.history))
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #did(plan: HousePlan, selection: Selection, going: string | undefined): void {
    const history = did(this.state.history, plan, going)
    const grades = withGradesOf(this.state.grades, plan)
    this.set({ history, grades, selection: existing(plan, selection), brush: this.state.brush || (grades[0] ?? '') })
  }

  #show(history: History<HousePlan>): void {
    const plan = history.present
    this.set({
      history,
      grades: withGradesOf(this.state.grades, plan),
      selection: existing(plan, this.state.selection),
    })
  }
}

export function useDesk<T>(desk: Desk, select: (state: DeskState) => T): T {
  return useSyncExternalStore(desk.subscribe, () => select(desk.state))
}

/** The plan as it is now. */
export const usePlan = (desk: Desk): HousePlan => useDesk(desk, ({ history }) => history.present)

/** The selection without what is no longer in the plan. */
function existing(plan: HousePlan, selection: Selection): Selection {
  if (selection.kind === 'shapes') {
    const shapes = selection.shapes.filter(({ list, index }) => plan[list][index] !== undefined)
    return shapes.length === selection.shapes.length ? selection : { kind: 'shapes', shapes }
  }
  const sections = sectionsByName(plan)
  const names = selection.names.filter(name => sections.has(name.split('-', 1)[0] ?? ''))
  return names.length === selection.names.length ? selection : { kind: selection.kind, names }
}

const gradesKept = new WeakMap<Section, ReadonlySet<string>>()

/** From the dearest, where houses call them as is usual. */
const USUAL = ['VIP', 'SR', 'R', 'S', 'A', 'B', 'C']

function usualOrder(grade: string, other: string): number {
  const [one, two] = [USUAL.indexOf(grade), USUAL.indexOf(other)]
  return (one === -1 ? USUAL.length : one) - (two === -1 ? USUAL.length : two)
}

/** The grades in a plan that are not among these come after them. */
export function withGradesOf(grades: readonly string[], plan: HousePlan): readonly string[] {
  const known = new Set(grades)
  for (const section of plan.sections) for (const grade of gradesIn(section)) known.add(grade)
  for (const place of Object.values(plan.places)) if (place.grade !== undefined) known.add(place.grade)
  known.delete('')
  if (known.size === grades.length) return grades
  return grades.length === 0 ? [...known].sort(usualOrder) : [...known]
}

function gradesIn(section: Section): ReadonlySet<string> {
  const known = gradesKept.get(section)
  if (known !== undefined) return known
  const rows = section.kind === 'seats' ? section.rows.flatMap(({ grade }) => grade ?? []) : []
  const found = new Set([section.grade, ...rows])
  gradesKept.set(section, found)
  return found
}

export function isSelected(selection: Selection, section: string): boolean {
  return selection.kind === 'sections' && selection.names.includes(section)
}

export function selectionSize(selection: Selection): number {
  return selection.kind === 'shapes' ? selection.shapes.length : selection.names.length
}

export function sameShape(a: ShapeRef, b: ShapeRef): boolean {
  return a.list === b.list && a.index === b.index
}

/** Adds to a selection of the same kind, or takes away what it has already. */
export function toggled(selection: Selection, more: Selection): Selection {
  if (more.kind === 'shapes') {
    const before = selection.kind === 'shapes' ? selection.shapes : []
    const rest = before.filter(shape => !more.shapes.some(each => sameShape(shape, each)))
    return { kind: 'shapes', shapes: rest.length < before.length ? rest : [...before, ...more.shapes] }
  }
  const before = selection.kind === more.kind ? selection.names : []
  const gone = new Set(more.names)
  const rest = before.filter(name => !gone.has(name))
  return { kind: more.kind, names: rest.length < before.length ? rest : [...before, ...more.names] }
}

/** Adds to a selection of the same kind. */
export function joined(selection: Selection, more: Selection): Selection {
  if (more.kind === 'shapes') {
    const before = selection.kind === 'shapes' ? selection.shapes : []
    const added = more.shapes.filter(shape => !before.some(each => sameShape(shape, each)))
    return { kind: 'shapes', shapes: [...before, ...added] }
  }
  const before = selection.kind === more.kind ? selection.names : []
  return { kind: more.kind, names: [...new Set([...before, ...more.names])] }
}
