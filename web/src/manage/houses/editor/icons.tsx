/** The icons of the editor: strokes on a field of 20 by 20. */

const PATHS = {
  select: 'M5 3l11 6.5-5 1.2-2.6 4.8z',
  seats: 'M4 4h4v4H4zM12 4h4v4h-4zM4 12h4v4H4zM12 12l5 2-2.1.9L14 17z',
  pan: 'M10 3v14M3 10h14M10 3L8 5M10 3l2 2M10 17l-2-2M10 17l2-2M3 10l2-2M3 10l2 2M17 10l-2-2M17 10l-2 2',
  rows: 'M3 5h14M3 10h14M3 15h8M15 12.5v5M12.5 15h5',
  standing: 'M3 4l14 1v10l-12 2zM8 9.2h.01M12 8.6h.01M8 12.8h.01M12 12.3h.01',
  stage: 'M3 6h14v6c-4 3-10 3-14 0z',
  field: 'M3 5h14v10H3zM10 5v10M10 8a2 2 0 1 0 .01 0',
  wall: 'M3 7h14v6H3zM8 7v3M13 10v3M3 10h14',
  door: 'M5 17V3h8v14M3 17h14M11 10h.01',
  text: 'M4 5V4h12v1M10 4v12M8 16h4',
  grade: 'M13 3l4 4-8 8H5v-4zM11 5l4 4',
  mark: 'M9 4.5h.01M9 7v4h4l2 4.5M7 9.5a4 4 0 1 0 5 5.5',
  focus: 'M10 5a5 5 0 1 0 .01 0M10 2v4M10 14v4M2 10h4M14 10h4',
  undo: 'M4 8h8a4 4 0 0 1 0 8H8M4 8l3.5-3.5M4 8l3.5 3.5',
  redo: 'M16 8H8a4 4 0 0 0 0 8h4M16 8l-3.5-3.5M16 8l-3.5 3.5',
  eye: 'M2 10c3-6 13-6 16 0-3 6-13 6-16 0zM10 8a2 2 0 1 0 .01 0',
  image: 'M3 4h14v12H3zM3 13l4-4 3 3 3-2 4 4M13 7h.01',
  file: 'M5 2h7l3 3v13H5zM12 2v3h3M10 9v6M10 15l-2-2M10 15l2-2',
  keys: 'M2 5h16v10H2zM5 8h.01M8 8h.01M11 8h.01M14 8h.01M6 12h8',
  lasso: 'M4 9c0-3 3-5 6-5s6 2 6 4.5-3 4.5-6 4.5-6-1-6-4zM7 13c0 2 1 3 3 4',
  rectangle: 'M3 4h3M9 4h2M14 4h3v3M17 10v2M17 14v2h-3M11 16H9M6 16H3v-2M3 12v-2M3 7V4',
  snap: 'M5 3v7a5 5 0 0 0 10 0V3M5 6h3M12 6h3M8 3v7a2 2 0 0 0 4 0V3M5 3h3M12 3h3',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  fit: 'M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4',
  copy: 'M7 7h10v10H7zM13 7V3H3v10h4',
  mirror: 'M10 2v16M7 5L2 15h5zM13 5l5 10h-5z',
  face: 'M10 17V5M10 5L6 9M10 5l4 4M4 3h12',
  remove: 'M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11',
  left: 'M3 3v14M6 6h10v3H6zM6 12h6v3H6z',
  center: 'M10 3v14M4 6h12v3H4zM6 12h8v3H6z',
  right: 'M17 3v14M4 6h10v3H4zM8 12h6v3H8z',
  top: 'M3 3h14M6 6v10h3V6zM12 6v6h3V6z',
  middle: 'M3 10h14M6 4v12h3V4zM12 6v8h3V6z',
  bottom: 'M3 17h14M6 4v10h3V4zM12 8v6h3V8z',
  distributeX: 'M3 3v14M17 3v14M8 6h4v8H8z',
  distributeY: 'M3 3h14M3 17h14M6 8v4h8V8z',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  back: 'M12 4l-6 6 6 6',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
