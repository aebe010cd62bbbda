/** What the film says to its viewers. */
import type { Language } from '../../src/i18n/index.ts'

export interface Caption {
  text: string
  /** A second line, smaller. */
  detail: string
  /** Redis does not run. */
  redis?: 'killed'
}

interface Facts {
  seats: number
  buyers: number
  number: number
  kept: number
  sold: number
}

export interface Captions {
  buyer: string
  organizer: string
  before(facts: Pick<Facts, 'seats'>): Caption
  opens(facts: Pick<Facts, 'buyers'>): Caption
  waits(facts: Pick<Facts, 'number'>): Caption
  killed(facts: Pick<Facts, 'number'>): Caption
  back: Caption
  kept(facts: Pick<Facts, 'number' | 'kept'>): Caption
  moves: Caption
  turn: Caption
  map: Caption
  holds: Caption
  pays: Caption
  ticket: Caption
  books(facts: Pick<Facts, 'sold' | 'buyers'>): Caption
}

const ko: Captions = {
  buyer: '관객',
  organizer: '주최자',
  before: ({ seats }) => ({
    text: '곧 티켓이 열려요',
    detail: `${seats}석. 왼쪽은 관객의 휴대폰, 오른쪽은 주최자의 판매 현황이에요.`,
  }),
  opens: ({ buyers }) => ({
    text: `열리자마자 ${buyers}명이 몰려요`,
    detail: '모두 들어온 순서대로 번호를 받아요.',
  }),
  waits: ({ number }) => ({
    text: `내 순번은 ${number}번`,
    detail: '순서가 되면 저절로 들어가요. 화면만 열어 두면 돼요.',
  }),
  killed: ({ number }) => ({
    text: '이때 Redis가 죽어요: kill -9',
    detail: `대기열을 담고 있던 Redis의 데이터가 모두 사라졌어요. ${number}번은 어떻게 될까요?`,
  }),
  back: { text: 'Redis가 빈 채로 다시 켜져요', detail: '대기열은 장부(DynamoDB)에서 되살아나요.' },
  kept: ({ number, kept }) => ({
    text: `${number}번 그대로예요`,
    detail: `함께 기다리던 ${kept}명도 한 명 빠짐없이 순번을 지켰어요.`,
  }),
  moves: { text: '줄이 다시 움직여요', detail: '먼저 온 관객부터 좌석을 고르고, 내 앞의 사람이 줄어들어요.' },
  turn: { text: '차례가 왔어요', detail: '부르면 저절로 좌석도로 들어가요.' },
  map: { text: '좌석도는 실시간이에요', detail: '다른 관객이 고르고, 사고, 놓아 주는 좌석이 바로 보여요.' },
  holds: { text: '나란히 두 자리, 5분 동안 내 자리', detail: '고르는 순간 다른 관객은 선택할 수 없어요.' },
  pays: { text: '결제해요', detail: '연결이 끊겨도 두 번 결제되지 않아요.' },
  ticket: { text: '티켓이 나왔어요', detail: '자리마다 입장 QR 코드가 있어요.' },
  books: ({ sold, buyers }) => ({
    text: `${buyers}명에게 ${sold}석, 두 번 팔린 자리 0`,
    detail: '장부(DynamoDB)의 모든 예매와 대조했어요.',
  }),
}

const en: Captions = {
  buyer: 'A buyer',
  organizer: 'The organizer',
  before: ({ seats }) => ({
    text: 'Tickets go on sale in a moment',
    detail: `${seats} seats. Left: a buyer’s phone. Right: the organizer’s console.`,
  }),
  opens: ({ buyers }) => ({
    text: `${buyers} buyers arrive at once`,
    detail: 'Each gets a number, in the order in which they came.',
  }),
  waits: ({ number }) => ({
    text: `Our buyer has number ${number}`,
    detail: 'The page lets them in when it is their turn.',
  }),
  killed: ({ number }) => ({
    text: 'Now Redis is killed: kill -9',
    detail: `All it knew of the queue is gone. What becomes of number ${number}?`,
  }),
  back: { text: 'Redis comes back, empty', detail: 'The queue is rebuilt from the books (DynamoDB).' },
  kept: ({ number, kept }) => ({
    text: `Still number ${number}`,
    detail: `All ${kept} others who wait kept their numbers, too.`,
  }),
  moves: { text: 'The queue moves on', detail: 'Those who came first choose their seats, and fewer are ahead of us.' },
  turn: { text: 'It’s our turn', detail: 'The page goes on to the seats by itself.' },
  map: { text: 'The seat map is live', detail: 'Other buyers choose, buy and give back seats as we watch.' },
  holds: {
    text: 'Two seats together, ours for five minutes',
    detail: 'From this moment no other buyer can take them.',
  },
  pays: { text: 'Payment', detail: 'Never charged twice, even if the connection drops.' },
  ticket: { text: 'The tickets', detail: 'One code for each seat, scanned at the door.' },
  books: ({ sold, buyers }) => ({
    text: `${sold} seats sold to ${buyers} buyers, none of them twice`,
    detail: 'Checked against every booking in the books (DynamoDB).',
  }),
}

export const CAPTIONS: Record<Language, Captions> = { ko, en }
