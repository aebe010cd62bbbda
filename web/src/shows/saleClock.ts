/** When a sale that is not open yet will change by its schedule. */
import type { Schemas } from '../api/client.ts'

type Sale = Pick<Schemas['PublicSale'], 'opens_at' | 'prequeue_at' | 'state'>

/** The next change up to the opening: the waiting room opens, or the sale. */
export function nextChange(sale: Sale): { to: 'prequeue' | 'open'; at: string } {
  if (sale.state === 'scheduled' && sale.prequeue_at != null) return { to: 'prequeue', at: sale.prequeue_at }
  return { to: 'open', at: sale.opens_at }
}
