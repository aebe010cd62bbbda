/** When a sale that is not open yet changes by itself. */
import type { Schemas } from '../api/client.ts'

type Sale = Pick<Schemas['PublicSale'], 'opens_at' | 'prequeue_at' | 'state'>

/** The next change of a sale before its opening: people gather, or seats are sold. */
export function nextChange(sale: Sale): { to: 'prequeue' | 'open'; at: string } {
  if (sale.state === 'scheduled' && sale.prequeue_at != null) return { to: 'prequeue', at: sale.prequeue_at }
  return { to: 'open', at: sale.opens_at }
}
