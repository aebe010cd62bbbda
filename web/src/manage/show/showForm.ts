/** The form of a show, checked as the server does. */
import type { Schemas } from '../../api/client.ts'
import { plain } from '../plain.ts'
import type { ManagedShow } from '../queries.ts'

export type NewShow = Schemas['NewShow']

export interface GradeDraft {
  key: number
  grade: string
  price: string
}

/** The form as it is typed. */
export interface ShowForm {
  title: string
  genre: string
  venue: string
  description: string
  ageLimit: string
  runtimeMin: string
  posterUrl: string
  grades: GradeDraft[]
  maxSeatsPerUser: string
}

export const GRADES_MAX = 20
export const PRICE_MAX = 1_000_000_000
export const SEATS_PER_USER_MAX = 20
const CURRENCY = 'KRW'

export type ShowError =
  | 'required'
  | 'tooLong'
  | 'ageLimit'
  | 'runtime'
  | 'poster'
  | 'gradeName'
  | 'gradeTwice'
  | 'price'
  | 'maxSeats'
  | 'grades'
/** By the server's name for the field. */
export type ShowErrors = Partial<Record<string, ShowError>>

export function emptyShow(): ShowForm {
  return {
    title: '',
    genre: '',
    venue: '',
    description: '',
    ageLimit: '0',
    runtimeMin: '120',
    posterUrl: '',
    grades: [
      { key: 1, grade: 'R', price: '110000' },
      { key: 2, grade: 'S', price: '80000' },
    ],
    maxSeatsPerUser: '4',
  }
}

export function formOf(show: ManagedShow): ShowForm {
  return {
    title: show.title,
    genre: show.genre,
    venue: show.venue,
    description: show.description,
    ageLimit: String(show.age_limit),
    runtimeMin: String(show.runtime_min),
    posterUrl: show.poster_url ?? '',
    grades: show.grades.map(({ grade, price }, index) => ({ key: index + 1, grade, price: String(price) })),
    maxSeatsPerUser: String(show.max_seats_per_user),
  }
}

/** The version the form was made from, or a later one with the same content, such as after a publication. */
export function versionOf(read: ManagedShow, now: ManagedShow): number {
  const words = (show: ManagedShow) => JSON.stringify(toNewShow(formOf(show), show.currency))
  return words(read) === words(now) ? now.version : read.version
}

export function toNewShow(form: ShowForm, currency = CURRENCY): NewShow {
  const poster = form.posterUrl.trim()
  return {
    title: form.title.trim(),
    genre: form.genre.trim(),
    venue: form.venue.trim(),
    description: form.description.trim(),
    age_limit: Number(form.ageLimit),
    runtime_min: Number(form.runtimeMin),
    poster_url: poster === '' ? null : poster,
    grades: form.grades.map(({ grade, price }) => ({ grade: plain(grade), price: Number(price) })),
    currency,
    max_seats_per_user: Number(form.maxSeatsPerUser),
  }
}

/** Everything the server would refuse. */
export function checkShow(form: ShowForm): ShowErrors {
  const poster = form.posterUrl.trim()
  const errors: [string, ShowError | undefined][] = [
    ['title', textError(form.title, 1, 200)],
    ['genre', textError(form.genre, 1, 40)],
    ['venue', textError(form.venue, 1, 200)],
    ['description', textError(form.description, 0, 10_000)],
    ['age_limit', isWhole(form.ageLimit, 0, 120) ? undefined : 'ageLimit'],
    ['runtime_min', isWhole(form.runtimeMin, 0, 10_000) ? undefined : 'runtime'],
    ['poster_url', poster === '' || isPicture(poster) ? undefined : 'poster'],
    ['max_seats_per_user', isWhole(form.maxSeatsPerUser, 1, SEATS_PER_USER_MAX) ? undefined : 'maxSeats'],
    ['grades', form.grades.length === 0 || form.grades.length > GRADES_MAX ? 'grades' : undefined],
    ...form.grades.flatMap((grade, index) => gradeErrors(form, grade, index)),
  ]
  return Object.fromEntries(errors.filter(([, error]) => error !== undefined))
}

function gradeErrors(form: ShowForm, { grade, price }: GradeDraft, index: number): [string, ShowError | undefined][] {
  const name = plain(grade)
  const twice = form.grades.findIndex(other => plain(other.grade) === name) < index
  const bad = textError(name, 1, 20) === undefined ? undefined : 'gradeName'
  return [
    [`grades[${index}].grade`, bad ?? (twice ? 'gradeTwice' : undefined)],
    [`grades[${index}].price`, isWhole(price, 0, PRICE_MAX) ? undefined : 'price'],
  ]
}

/** Counts code points, as the server does. */
function textError(text: string, least: number, most: number): 'required' | 'tooLong' | undefined {
  const length = [...text.trim()].length
  if (length < least) return 'required'
  return length > most ? 'tooLong' : undefined
}

export function isWhole(text: string, least: number, most: number): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most
}

/** What the security policy lets a browser load as an image: a path on this site, or https. */
export function isPicture(url: string): boolean {
  if (/\s/.test(url) || new TextEncoder().encode(url).length > 2_000) return false
  return url.startsWith('https://') || (url.startsWith('/') && !url.startsWith('//'))
}
