/** Mirrored sections: what stands on one side of the stage stands on the other as well. */
import { labelsOf } from '../names.ts'
import { focusOf } from '../placed.ts'
import {
  type Edited,
  type HousePlan,
  metres,
  type Row,
  rounded,
  type SeatsSection,
  type Section,
  type StandingSection,
} from '../plan.ts'
import { patched, withSections } from './change.ts'
import { numbersOf } from './rows.ts'
import { copySections } from './sections.ts'

/** The middle line of the stage: its x. */
export function mirrorAxis(plan: HousePlan): number {
  return rounded(focusOf(plan).x * 200) / 200
}

/** Adds mirrored copies. A seat and its mirror image have the same number. */
export function mirroredCopy(plan: HousePlan, names: readonly string[], axis = mirrorAxis(plan)): Edited {
  return copySections(plan, names, section => mirroredSection(section, axis))
}

/** Mirrors sections where they are. Mirroring twice changes nothing. */
export function mirrored(plan: HousePlan, names: readonly string[], axis = mirrorAxis(plan)): HousePlan {
  return withSections(plan, names, section => mirroredSection(section, axis))
}

function mirroredSection(section: Section, axis: number): Section {
  const at = { x: metres(2 * axis - section.at.x), y: section.at.y }
  return section.kind === 'seats' ? mirroredSeats({ ...section, at }) : mirroredArea({ ...section, at })
}

function mirroredSeats(section: SeatsSection): SeatsSection {
  return { ...section, turn_deg: rounded(-section.turn_deg * 10) / 10, rows: section.rows.map(mirroredRow) }
}

function mirroredArea(section: StandingSection): StandingSection {
  return { ...section, outline: section.outline.toReversed().map(([x, y]) => [metres(-x), y] as const) }
}

/** From right to left. */
function mirroredRow(row: Row): Row {
  const { offset_m, aisles, not_for_sale } = row
  return patched(row, {
    numbers: numbersOf(labelsOf(row).reverse()),
    offset_m: offset_m === undefined ? undefined : metres(-offset_m),
    aisles: aisles?.toReversed().map(after => row.seats - after),
    not_for_sale: not_for_sale?.toReversed().map(place => row.seats + 1 - place),
  })
}
