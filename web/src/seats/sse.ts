/** Parses server-sent events piece by piece as they arrive, by the standard. */

export interface ServerEvent {
  event: string
  data: string
}

export class EventParser {
  /** Where to resume after the connection is lost. */
  lastId: string | undefined
  /** How long the server asks us to wait before reconnecting. */
  retryMs: number | undefined
  #rest = ''
  #event = ''
  #data: string[] = []
  #skipLineFeed = false

  /** The events that this piece completes. */
  push(piece: string): ServerEvent[] {
    const events: ServerEvent[] = []
    this.#rest += this.#skipLineFeed && piece.startsWith('\n') ? piece.slice(1) : piece
    if (piece !== '') this.#skipLineFeed = false
    let start = 0
    for (let end = lineEnd(this.#rest, start); end !== -1; end = lineEnd(this.#rest, start)) {
      this.#line(this.#rest.slice(start, end), events)
      start = end + 1
      if (this.#rest[end] !== '\r') continue
      if (this.#rest[start] === '\n') start += 1
      else if (start === this.#rest.length) this.#skipLineFeed = true
    }
    this.#rest = this.#rest.slice(start)
    return events
  }

  #line(line: string, events: ServerEvent[]): void {
    if (line === '') {
      if (this.#data.length > 0) events.push({ event: this.#event || 'message', data: this.#data.join('\n') })
      this.#data = []
      this.#event = ''
      return
    }
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') this.#data.push(value)
    else if (field === 'event') this.#event = value
    else if (field === 'id' && !value.includes('\0')) this.lastId = value
    else if (field === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value)
  }
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13) return at
  }
  return -1
}
