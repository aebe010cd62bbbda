/** Everything that the editor does by a key: one list, which the keyboard, the menus and the panel of shortcuts share. */

import { boxOf } from '../model/box.ts'
import { curve, move, turn } from '../model/edit/arrange.ts'
import { mark, paintGrade } from '../model/edit/places.ts'
import { duplicateSelected, mirrorSelected, removeSelected } from '../model/edit/selected.ts'
import { setFocus } from '../model/edit/shapes.ts'
import { seatNames } from '../model/totals.ts'
import { copy, paste } from './clipboard.ts'
import { type Desk, NOTHING, selectionSize, type Tool } from './desk.ts'
import { beginDrag, type DragWords, type Pressed } from './drags.ts'
import { boundsOfSections, seatNamed, seatNameOf, sectionsByName } from './drawn.ts'
import { boundsOfSeats, type Easel } from './easel.ts'
import { singleSection } from './handles.ts'

export interface Hands {
  desk: Desk
  easel: Easel
  words: DragWords
  save(): void
  showShortcuts(): void
}

export interface Command {
  /** Names its words: `houses:commands.{id}`. */
  id: CommandId
  group: 'tools' | 'edit' | 'move' | 'view'
  /** As it is shown: `mod` is Ctrl or ⌘. */
  keys: readonly string[]
  /** Whether it works in the whole editor, not only on the drawing. */
  everywhere?: boolean
  matches(event: KeyLike): boolean
  /** Answers false when it does nothing here, so that the browser does what it usually does. */
  run(hands: Hands, event: KeyLike): boolean | undefined
}

export type CommandId =
  | 'select'
  | 'seats'
  | 'pan'
  | 'rows'
  | 'standing'
  | 'stage'
  | 'grade'
  | 'mark'
  | 'focus'
  | 'undo'
  | 'redo'
  | 'copy'
  | 'paste'
  | 'duplicate'
  | 'mirror'
  | 'remove'
  | 'all'
  | 'escape'
  | 'place'
  | 'save'
  | 'nudge'
  | 'nudgeFar'
  | 'rowAlong'
  | 'turn'
  | 'turnFar'
  | 'bend'
  | 'next'
  | 'zoomIn'
  | 'zoomOut'
  | 'zoomAll'
  | 'zoomSelection'
  | 'shortcuts'

export interface KeyLike {
  key: string
  /** The key's place: letters work while Hangul is typed. */
  code: string
  shiftKey: boolean
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
}

const NUDGE_M = 0.1
const NUDGE_FAR_M = 1
const TURN_FAR = 15
const BEND_FIRST_M = 40
const STEP = 1.5

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

const mod = (event: KeyLike) => event.ctrlKey || event.metaKey
const bare = (event: KeyLike) => !mod(event) && !event.altKey
const letter = (code: string) => (event: KeyLike) => bare(event) && !event.shiftKey && event.code === code
const modded =
  (code: string, shift = false) =>
  (event: KeyLike) =>
    mod(event) && !event.altKey && event.shiftKey === shift && event.code === code

const tool = (id: CommandId & Tool, code: string, key: string): Command => ({
  id,
  group: 'tools',
  keys: [key],
  matches: letter(code),
  run({ desk }) {
    desk.set({ tool: id })
    return true
  },
})

export const COMMANDS: readonly Command[] = [
  tool('select', 'KeyV', 'V'),
  tool('seats', 'KeyA', 'A'),
  tool('pan', 'KeyH', 'H'),
  tool('rows', 'KeyR', 'R'),
  tool('standing', 'KeyG', 'G'),
  tool('stage', 'KeyS', 'S'),
  tool('grade', 'KeyB', 'B'),
  tool('mark', 'KeyK', 'K'),
  tool('focus', 'KeyF', 'F'),
  {
    id: 'place',
    group: 'tools',
    keys: ['Enter'],
    matches: event => bare(event) && event.key === 'Enter',
    run: hands => placeOrEnter(hands),
  },
  {
    id: 'undo',
    group: 'edit',
    keys: ['mod', 'Z'],
    everywhere: true,
    matches: modded('KeyZ'),
    run: ({ desk }) => done(desk.undo()),
  },
  {
    id: 'redo',
    group: 'edit',
    keys: ['Shift', 'mod', 'Z'],
    everywhere: true,
    matches: event => modded('KeyZ', true)(event) || modded('KeyY')(event),
    run: ({ desk }) => done(desk.redo()),
  },
  { id: 'copy', group: 'edit', keys: ['mod', 'C'], matches: modded('KeyC'), run: ({ desk }) => copy(desk) },
  { id: 'paste', group: 'edit', keys: ['mod', 'V'], matches: modded('KeyV'), run: ({ desk }) => paste(desk) },
  {
    id: 'duplicate',
    group: 'edit',
    keys: ['mod', 'D'],
    everywhere: true,
    matches: modded('KeyD'),
    run: ({ desk }) => done(desk.make(plan => duplicateSelected(plan, desk.state.selection))),
  },
  {
    id: 'mirror',
    group: 'edit',
    keys: ['M'],
    matches: letter('KeyM'),
    run: ({ desk }) => done(desk.make(plan => mirrorSelected(plan, desk.state.selection))),
  },
  {
    id: 'remove',
    group: 'edit',
    keys: ['Delete'],
    matches: event => bare(event) && (event.key === 'Delete' || event.key === 'Backspace'),
    run: ({ desk }) => done(desk.edit(plan => removeSelected(plan, desk.state.selection))),
  },
  { id: 'all', group: 'edit', keys: ['mod', 'A'], matches: modded('KeyA'), run: ({ desk }) => selectAll(desk) },
  {
    id: 'escape',
    group: 'edit',
    keys: ['Esc'],
    matches: event => event.key === 'Escape',
    run: ({ desk }) => stepBack(desk),
  },
  {
    id: 'save',
    group: 'edit',
    keys: ['mod', 'S'],
    everywhere: true,
    matches: modded('KeyS'),
    run: ({ save }) => done(save()),
  },
  {
    id: 'nudge',
    group: 'move',
    keys: ['←', '→', '↑', '↓'],
    matches: event => bare(event) && !event.shiftKey && event.key in ARROWS,
    run: (hands, event) => arrow(hands, event, NUDGE_M),
  },
  {
    id: 'nudgeFar',
    group: 'move',
    keys: ['Shift', '←→↑↓'],
    matches: event => bare(event) && event.shiftKey && event.key in ARROWS,
    run: (hands, event) => arrow(hands, event, NUDGE_FAR_M),
  },
  {
    id: 'rowAlong',
    group: 'move',
    keys: ['Alt', '←→'],
    matches: event => event.altKey && !mod(event) && event.key in ARROWS,
    run: ({ desk }, event) => {
      const [x = 0, y = 0] = ARROWS[event.key] ?? []
      return done(desk.edit(plan => move(plan, desk.state.selection, x * NUDGE_M, y * NUDGE_M), 'along'))
    },
  },
  {
    id: 'turn',
    group: 'move',
    keys: ['[', ']'],
    matches: event => bare(event) && !event.shiftKey && bracket(event) !== 0,
    run: ({ desk }, event) => turnBy(desk, bracket(event)),
  },
  {
    id: 'turnFar',
    group: 'move',
    keys: ['Shift', '[ ]'],
    matches: event => bare(event) && event.shiftKey && bracket(event) !== 0,
    run: ({ desk }, event) => turnBy(desk, bracket(event) * TURN_FAR),
  },
  {
    id: 'bend',
    group: 'move',
    keys: [',', '.'],
    matches: event => bare(event) && (event.code === 'Comma' || event.code === 'Period'),
    run: ({ desk }, event) => bend(desk, event.code === 'Period'),
  },
  {
    id: 'next',
    group: 'move',
    keys: ['Tab'],
    matches: event => bare(event) && event.key === 'Tab',
    run: (hands, event) => selectNext(hands, event.shiftKey ? -1 : 1),
  },
  {
    id: 'zoomIn',
    group: 'view',
    keys: ['+'],
    matches: event => bare(event) && (event.key === '+' || event.key === '='),
    run: ({ easel }) => done(easel.zoomBy(STEP)),
  },
  {
    id: 'zoomOut',
    group: 'view',
    keys: ['-'],
    matches: event => bare(event) && event.key === '-',
    run: ({ easel }) => done(easel.zoomBy(1 / STEP)),
  },
  { id: 'zoomAll', group: 'view', keys: ['0'], matches: letter('Digit0'), run: ({ easel }) => done(easel.all()) },
  {
    id: 'zoomSelection',
    group: 'view',
    keys: ['1'],
    matches: letter('Digit1'),
    run: ({ easel, desk }) => done(easel.show(boxOf(desk.plan, desk.state.selection) ?? boundsOfSections([]))),
  },
  {
    id: 'shortcuts',
    group: 'view',
    keys: ['?'],
    matches: event => bare(event) && event.key === '?',
    run: ({ showShortcuts }) => done(showShortcuts()),
  },
]

/** Runs what a key means. Answers whether it meant something. */
export function runKey(hands: Hands, event: KeyLike, onDrawing: boolean): boolean {
  const command = COMMANDS.find(command => (onDrawing || command.everywhere === true) && command.matches(event))
  return command !== undefined && command.run(hands, event) !== false
}

export function runCommand(hands: Hands, id: CommandId): void {
  COMMANDS.find(command => command.id === id)?.run(hands, NO_KEY)
}

const NO_KEY: KeyLike = { key: '', code: '', shiftKey: false, altKey: false, ctrlKey: false, metaKey: false }

function done(_: unknown): true {
  return true
}

function bracket({ code }: KeyLike): -1 | 0 | 1 {
  if (code === 'BracketLeft') return -1
  return code === 'BracketRight' ? 1 : 0
}

function selectAll(desk: Desk): boolean {
  const { selection, tool } = desk.state
  if (tool === 'seats' && selection.kind === 'seats' && selection.names.length > 0) {
    const sections = new Set(selection.names.map(name => name.split('-', 1)[0]))
    const named = desk.plan.sections.filter(({ section }) => sections.has(section))
    desk.select({ kind: 'seats', names: named.flatMap(section => seatNames(section)) })
  } else {
    desk.select({ kind: 'sections', names: desk.plan.sections.map(({ section }) => section) })
  }
  return true
}

/** Steps back: from a tool to selecting, from seats to their section, from a selection to none. */
function stepBack(desk: Desk): boolean {
  const { selection, tool } = desk.state
  if (tool !== 'select') {
    const sections =
      selection.kind === 'seats' ? [...new Set(selection.names.map(name => name.split('-', 1)[0] ?? ''))] : []
    desk.set({ tool: 'select', ...(sections.length > 0 ? { selection: { kind: 'sections', names: sections } } : {}) })
    return true
  }
  if (selectionSize(selection) === 0) return false
  desk.select(NOTHING)
  return true
}

/** Moves a selection, or goes from seat to seat. */
function arrow({ desk, easel }: Hands, event: KeyLike, by: number): boolean {
  const [x = 0, y = 0] = ARROWS[event.key] ?? []
  const { selection, tool } = desk.state
  if (tool === 'focus') {
    const { focus } = desk.plan
    const at = focus ?? easel.camera
    return done(desk.edit(plan => setFocus(plan, { x: at.x + x * by, y: at.y + y * by }), 'focus'))
  }
  if (tool === 'seats' || tool === 'mark' || tool === 'grade' || selection.kind === 'seats') {
    return goToSeat(desk, easel, x, y, event.shiftKey)
  }
  if (selectionSize(selection) === 0) {
    easel.look({
      ...easel.camera,
      x: easel.camera.x + (x * 60) / easel.camera.scale,
      y: easel.camera.y + (y * 60) / easel.camera.scale,
    })
    return true
  }
  desk.edit(plan => move(plan, selection, x * by, y * by), 'nudge')
  const box = boxOf(desk.plan, selection)
  if (box !== undefined) easel.show(box)
  return true
}

/** The seat beside the one selected last, or the nearest one in the next row. */
function goToSeat(desk: Desk, easel: Easel, along: number, down: number, extends_: boolean): boolean {
  const { selection } = desk.state
  const last = selection.kind === 'seats' ? selection.names.at(-1) : undefined
  const found = seatNamed(sectionsByName(desk.plan), last ?? '')
  if (found === undefined) return firstSeat(desk, easel)
  const [section, seat] = found
  const index = section.rows.findIndex(row => seat >= row.first && seat < row.first + row.seats)
  const row = section.rows[index]
  const next = section.rows[index + down]
  if (row === undefined) return false
  let to = seat + along
  if (down !== 0 && next !== undefined) {
    const [x, y] = [section.xs[seat] ?? 0, section.ys[seat] ?? 0]
    const aways = Array.from({ length: next.seats }, (_, place) =>
      Math.hypot((section.xs[next.first + place] ?? 0) - x, (section.ys[next.first + place] ?? 0) - y),
    )
    to = next.first + aways.indexOf(Math.min(...aways))
  }
  const isThere = down === 0 ? to >= row.first && to < row.first + row.seats : next !== undefined
  if (!isThere) return true
  const name = seatNameOf(section, to)
  const names =
    selection.kind === 'seats' && extends_ ? [...selection.names.filter(each => each !== name), name] : [name]
  desk.select({ kind: 'seats', names })
  easel.show(boundsOfSeats(desk.plan, [name]))
  return true
}

function firstSeat(desk: Desk, easel: Easel): boolean {
  const { selection } = desk.state
  const named = selection.kind === 'sections' ? selection.names[0] : undefined
  const section = desk.plan.sections.find(
    ({ section, kind }) => kind === 'seats' && (named === undefined || section === named),
  )
  const [name] = section === undefined ? [] : seatNames(section)
  if (name === undefined) return false
  desk.select({ kind: 'seats', names: [name] })
  easel.show(boundsOfSeats(desk.plan, [name]))
  return true
}

function turnBy(desk: Desk, by: number): boolean {
  const { selection } = desk.state
  if (selection.kind === 'seats' || selectionSize(selection) === 0) return false
  const single = singleSection(desk.plan, selection)
  desk.edit(plan => turn(plan, selection, by, single?.kind === 'seats' ? single.at : undefined), 'turn')
  return true
}

/** Bends rows more towards the stage, or less. */
function bend(desk: Desk, more: boolean): boolean {
  const { selection } = desk.state
  if (selection.kind !== 'sections' || selection.names.length === 0) return false
  const single = singleSection(desk.plan, selection)
  const radius = single?.kind === 'seats' ? single.curve_m : undefined
  desk.edit(plan => curve(plan, selection.names, bent(radius, more)), 'bend')
  return true
}

export function bent(radius: number | undefined, more: boolean): number | undefined {
  const bend = 1 / (radius ?? Infinity) + (more ? 1 : -1) / BEND_FIRST_M / 2
  if (Math.abs(bend) < 1e-6) return undefined
  const next = Math.round(10 / bend) / 10
  return Math.abs(next) < 2 ? 2 * Math.sign(next) : next
}

/** The next section; none after the last, so that Tab leaves the drawing there. */
function selectNext({ desk, easel }: Hands, by: 1 | -1): boolean {
  const { selection } = desk.state
  if (selectionSize(selection) === 0) return false
  const names = desk.plan.sections.map(({ section }) => section)
  const last = selection.kind === 'shapes' ? undefined : selection.names.at(by === 1 ? -1 : 0)?.split('-', 1)[0]
  const next = names[names.indexOf(last ?? '') + by]
  if (next === undefined) {
    desk.select(NOTHING)
    return false
  }
  desk.set({
    selection: { kind: 'sections', names: [next] },
    tool: desk.state.tool === 'seats' ? 'select' : desk.state.tool,
  })
  const box = boxOf(desk.plan, desk.state.selection)
  if (box !== undefined) easel.show(box)
  return true
}

/** Places what the tool draws in the middle of the view, paints or marks the selected seats, or begins with the first section. */
function placeOrEnter({ desk, easel, words }: Hands): boolean {
  const { selection, tool, brush, mark: kind } = desk.state
  if (tool === 'grade') return done(desk.edit(plan => paintGrade(plan, selection, brush)))
  if (tool === 'mark') {
    if (selection.kind !== 'seats') return firstSeat(desk, easel)
    const { names } = selection
    const all = names.every(name => desk.plan.places[name]?.kind === kind)
    return done(desk.edit(plan => mark(plan, names, all ? undefined : kind)))
  }
  if (tool === 'seats') return firstSeat(desk, easel)
  if (tool === 'select' || tool === 'pan') {
    const [first] = desk.plan.sections
    if (selectionSize(selection) > 0 || first === undefined) return selectionSize(selection) > 0
    desk.set({ tool: 'select', selection: { kind: 'sections', names: [first.section] } })
    return true
  }
  const pressed: Pressed = { at: { x: easel.camera.x, y: easel.camera.y }, shift: false, alt: false, touch: false }
  beginDrag(easel, pressed, words)?.end(pressed, false)
  return true
}
