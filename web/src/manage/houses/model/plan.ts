/** The plan of a house as the server stores it: metres to the centimetre, degrees to the tenth, y away from the stage. */

/** The server's bounds (shared/domain/src/layout.rs). */
export const SEATS_MAX = 100_000
export const SECTIONS_MAX = 500
export const ROWS_MAX = 10_000
export const ROW_SEATS_MAX = 1_000
export const NUMBER_MAX = 99_999
export const PART_NAME_MAX = 20
export const SHAPES_MAX = 500
export const CORNERS_MAX = 200
export const NOTE_MAX = 100
export const SHAPE_TEXT_MAX = 2 * PART_NAME_MAX
export const LENGTH_MAX_M = 10_000
export const PITCH_MIN_M = 0.3
export const APART_M = 0.25
/** A whole house in one request. */
export const HOUSE_BYTES_MAX = 4 * 1024 * 1024
export const HOUSE_NAME_MAX = 100

/** Where a row says nothing else. */
export const PITCH_M = 0.55
export const DEPTH_M = 0.9
export const AISLE_M = 1.2

export interface HousePlan {
  readonly name: string
  readonly stage: readonly Shape[]
  readonly decorations: readonly Shape[]
  /** In the order in which their places are counted. */
  readonly sections: readonly Section[]
  readonly focus?: Point
  /** What is special about single places, by their names: `A-12-7`. */
  readonly places: Places
}

export type Places = Readonly<Record<string, Place>>
export type Section = SeatsSection | StandingSection

export interface SeatsSection {
  readonly kind: 'seats'
  readonly section: string
  readonly grade: string
  /** The middle of its first row. */
  readonly at: Point
  /** Clockwise about `at`. Unturned, its rows face towards smaller y. */
  readonly turn_deg: number
  /** The radius of its first row around a point in front of it; negative bends the other way; never 0. */
  readonly curve_m?: number
  /** Each behind the one before. */
  readonly rows: readonly Row[]
  readonly entrance?: string
}

export interface StandingSection {
  readonly kind: 'standing'
  readonly section: string
  readonly grade: string
  /** The origin of its outline. */
  readonly at: Point
  readonly outline: readonly Corner[]
  readonly capacity: number
  readonly entrance?: string
}

/** A row of seats from left to right, as its section is drawn unturned. */
export interface Row {
  readonly row: string
  readonly seats: number
  /** 1, 2, 3 … if missing. */
  readonly numbers?: Numbers
  readonly grade?: string
  readonly pitch_m?: number
  readonly offset_m?: number
  readonly depth_m?: number
  /** After how many seats an aisle leads through it, ascending. */
  readonly aisles?: readonly number[]
  /** Places in the row, from 1, that the house keeps. New marks stand in `places` instead. */
  readonly not_for_sale?: readonly number[]
}

export type Numbers = { readonly first: number; readonly step: number } | readonly string[]

export interface Place {
  readonly grade?: string
  readonly kind?: PlaceKind
  readonly companion_of?: string
  readonly note?: string
}

export type PlaceKind = 'wheelchair' | 'companion' | 'restricted_view' | 'house'
export const PLACE_KINDS: readonly PlaceKind[] = ['wheelchair', 'companion', 'restricted_view', 'house']

export interface Shape {
  readonly kind: ShapeKind
  /** The origin of its outline, or the middle of its word. */
  readonly at: Point
  readonly outline?: readonly Corner[]
  readonly text?: string
}

export type ShapeKind = 'stage' | 'field' | 'wall' | 'door' | 'text'
export const SHAPE_KINDS: readonly ShapeKind[] = ['stage', 'field', 'wall', 'door', 'text']

export interface Point {
  readonly x: number
  readonly y: number
}

/** x and y, relative to an origin. */
export type Corner = readonly [number, number]

/** What is selected. Sections and seats are known by their names, shapes by their place in their list. */
export type Selection =
  | { readonly kind: 'sections'; readonly names: readonly string[] }
  | { readonly kind: 'seats'; readonly names: readonly string[] }
  | { readonly kind: 'shapes'; readonly shapes: readonly ShapeRef[] }

export interface ShapeRef {
  readonly list: 'stage' | 'decorations'
  readonly index: number
}

/** Rows of one section, by their names. */
export interface RowsRef {
  readonly section: string
  /** All rows if missing. */
  readonly rows?: readonly string[]
}

/** A changed plan, and what a person would now expect to be selected. */
export interface Edited {
  readonly plan: HousePlan
  readonly selection: Selection
}

export const EMPTY_PLAN: HousePlan = { name: '', stage: [], decorations: [], sections: [], places: {} }

/** A length to the centimetre, as the server keeps it. */
export function metres(length: number): number {
  return rounded(length * 100) / 100
}

/** A length in whole centimetres. */
export function centimetres(length: number): number {
  return rounded(length * 100)
}

/** An angle above -180 and up to 180, to a tenth of a degree. */
export function degrees(angle: number): number {
  const within = angle - 360 * Math.ceil(angle / 360 - 0.5)
  return rounded(within * 10) / 10
}

export function point(x: number, y: number): Point {
  return { x: metres(x), y: metres(y) }
}

/** Rounds as the server does: halves up, and a hair below a half is a half. Never to -0. */
export function rounded(value: number): number {
  return Math.floor(value + 0.500_001) + 0
}

const sectionsByName = new WeakMap<readonly Section[], ReadonlyMap<string, Section>>()

export function sectionNamed({ sections }: HousePlan, name: string): Section | undefined {
  const known = sectionsByName.get(sections) ?? new Map(sections.map(section => [section.section, section]))
  sectionsByName.set(sections, known)
  return known.get(name)
}

/** The number of places of a section, standing ones included. */
export function placeCount(section: Section): number {
  if (section.kind === 'standing') return section.capacity
  return section.rows.reduce((sum, row) => sum + row.seats, 0)
}
