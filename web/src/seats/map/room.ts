/** Whether words fit into an outline. */
import { type Box, eachEdge } from '../boxes.ts'

/** How far the free room around a point of an outline reaches to each side, once the plan is turned. */
export function roomAround(outline: ArrayLike<number>, at: { x: number; y: number }, turn: number): Box {
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)]
  const room = { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity }
  eachEdge(outline, (x0, y0, x1, y1) => {
    const [u0, v0] = [(x0 - at.x) * cos - (y0 - at.y) * sin, (x0 - at.x) * sin + (y0 - at.y) * cos]
    const [u1, v1] = [(x1 - at.x) * cos - (y1 - at.y) * sin, (x1 - at.x) * sin + (y1 - at.y) * cos]
    if (v0 > 0 !== v1 > 0) narrow(room, 'left', 'right', u0 + ((u1 - u0) * v0) / (v0 - v1))
    if (u0 > 0 !== u1 > 0) narrow(room, 'top', 'bottom', v0 + ((v1 - v0) * u0) / (u0 - u1))
  })
  return room
}

function narrow(room: Box, before: 'left' | 'top', after: 'right' | 'bottom', at: number): void {
  if (at < 0) room[before] = Math.max(room[before], at)
  else room[after] = Math.min(room[after], at)
}
