/** The library's own types lead nowhere. */
declare module '@alisaitteke/seatmap-canvas' {
  export class SeatMapCanvas {
    constructor(selector: string, settings: object)
    data: { replaceData(blocks: readonly object[]): void }
  }
}
