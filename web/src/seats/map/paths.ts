/** Outlines, and the rows of each part of a section, as paths in the plan's units. Each is made once. */
import type { Part, Plan, Section, Shape } from '../geometry.ts'

const outlines = new WeakMap<Section | Shape, Path2D>()
const bands = new WeakMap<Part, Path2D>()

export function outlineOf(of: Section | Shape): Path2D {
  const known = outlines.get(of)
  if (known !== undefined) return known
  const path = new Path2D()
  for (let at = 0; at + 1 < of.outline.length; at += 2) path.lineTo(of.outline[at] ?? 0, of.outline[at + 1] ?? 0)
  path.closePath()
  outlines.set(of, path)
  return path
}

/** Lines along the seats of one part of a section, to be drawn as wide as a row is deep. */
export function bandsOf(plan: Plan, index: number): Path2D {
  const part = plan.parts[index]
  const known = part === undefined ? undefined : bands.get(part)
  if (part === undefined || known !== undefined) return known ?? new Path2D()
  const path = new Path2D()
  const half = plan.pitch / 2
  for (const row of plan.sections[part.section]?.rows ?? []) {
    for (let seat = row.first; seat < row.first + row.seats; seat++) {
      if (plan.partOf[seat] !== index) continue
      const [x, y, turn] = [plan.xs[seat] ?? 0, plan.ys[seat] ?? 0, plan.turns[seat] ?? 0]
      const [along, down] = [Math.cos(turn) * half, Math.sin(turn) * half]
      if (seat === row.first || plan.partOf[seat - 1] !== index) path.moveTo(x - along, y - down)
      path.lineTo(x + along, y + down)
    }
  }
  bands.set(part, path)
  return path
}
