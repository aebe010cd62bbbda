/** The organizer's library of houses on the server: each is a plan with versions that never change. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../../api/client.ts'
import { ifMatch } from '../queries.ts'
import { toBody } from './model/export.ts'
import { planOf } from './model/import/json.ts'
import type { HousePlan } from './model/plan.ts'

/** A house as it is listed. */
export interface HouseSummary {
  house_id: string
  name: string
  version: number
  seat_count: number
  section_count: number
  updated_at: string
}

export interface House {
  house_id: string
  version: number
  plan: HousePlan
}

const PAGE = 20

/** One's own houses, the one that changed last first. */
export const housesQuery = infiniteQueryOptions({
  queryKey: ['houses'],
  queryFn: ({ pageParam }) =>
    answer(
      api.GET('/v1/manage/houses', {
        params: { query: { limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: page => page.next_cursor ?? undefined,
})

/** A version never changes; without one, the newest is asked for. */
export const houseQuery = (house_id: string, version?: number) =>
  queryOptions({
    queryKey: ['house', house_id, version ?? 'newest'],
    queryFn: async (): Promise<House> => {
      const params = { path: { house_id }, query: version === undefined ? {} : { version } }
      const house = await answer(api.GET('/v1/manage/houses/{house_id}', { params }))
      return { house_id, version: house.version, plan: planOf(house) }
    },
    ...(version === undefined ? {} : { staleTime: Number.POSITIVE_INFINITY }),
  })

const bodyOf = (plan: HousePlan) => toBody(plan) as unknown as Schemas['NewHouse']

/** Adds a house. Sent once: a repeat would add another. */
export async function addHouse(plan: HousePlan): Promise<House> {
  const { house_id, version } = await answer(api.POST('/v1/manage/houses', { body: bodyOf(plan) }))
  return { house_id, version, plan }
}

/** Makes the version after `version`; `changed_meanwhile` if that is no longer the newest. */
export async function saveHouse(house_id: string, version: number, plan: HousePlan): Promise<House> {
  const params = { path: { house_id }, header: ifMatch(version) }
  const saved = await answer(api.PUT('/v1/manage/houses/{house_id}', { params, body: bodyOf(plan) }))
  return { house_id, version: saved.version, plan }
}
