/** The proof of work: a nonce for which the SHA-256 of challenge, colon and nonce begins with enough zero bits. */
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

/** The smallest such nonce. */
export function solve(challenge: string, bits: number): string {
  const begun = sha256.create().update(utf8ToBytes(`${challenge}:`))
  for (let tried = 0; ; tried++) {
    const nonce = tried.toString(36)
    if (leadingZeroBits(begun.clone().update(utf8ToBytes(nonce)).digest()) >= bits) return nonce
  }
}

export function leadingZeroBits(hash: Uint8Array): number {
  const zeros = hash.findIndex(byte => byte !== 0)
  return zeros < 0 ? hash.length * 8 : zeros * 8 + Math.clz32(hash[zeros] ?? 0) - 24
}
