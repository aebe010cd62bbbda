/** The library's own types lead nowhere. */
declare module '@alisaitteke/seatmap-canvas' {
  export class SeatMapCanvas {
    constructor(selector: string, settings: object)
    data: { addBulkBlock(blocks: readonly object[]): void }
  }
}
