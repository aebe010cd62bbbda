/** Server-sent events, cut at any point. */
import { expect, test } from 'vitest'
import { EventParser, type ServerEvent } from '../../src/seats/sse.ts'

const STREAM = [
  ': hello',
  '',
  'retry: 1500',
  'id: 7',
  'event: states',
  'data: {"version":7,',
  'data: "states":"AAAA"}',
  '',
  'event: changes',
  'id:8',
  'data:{"version":8}',
  '',
  'event: nothing',
  '',
  'data',
  '',
  'nonsense: 1',
  'data: last',
  '',
  'data: never finished',
].join('\n')

const EVENTS: ServerEvent[] = [
  { event: 'states', data: '{"version":7,\n"states":"AAAA"}' },
  { event: 'changes', data: '{"version":8}' },
  { event: 'message', data: '' },
  { event: 'message', data: 'last' },
]

for (const [name, end] of [
  ['line feeds', '\n'],
  ['carriage returns', '\r'],
  ['both', '\r\n'],
]) {
  test(`lines that end with ${name}, in pieces of every length`, () => {
    const text = STREAM.replaceAll('\n', end ?? '')
    for (let length = 1; length <= text.length; length++) {
      const parser = new EventParser()
      const events: ServerEvent[] = []
      for (let at = 0; at < text.length; at += length) events.push(...parser.push(text.slice(at, at + length)))
      expect(events).toEqual(EVENTS)
      expect([parser.lastId, parser.retryMs]).toEqual(['8', 1500])
    }
  })
}

test('an id with a zero byte and a wait that is not a number are ignored', () => {
  const parser = new EventParser()
  parser.push('id: 3\nid: 4\0\nretry: soon\n\n')
  expect([parser.lastId, parser.retryMs]).toEqual(['3', undefined])
})
