/** Tells a buyer who looks elsewhere that it is their turn: a sound, the window's title, a vibration. */

const KEY = 'yemae.sound'
/** Two rising tones, in hertz. */
const TONES = [660, 880]
const TONE_S = 0.22
const BLINK_MS = 1_000

let audio: AudioContext | undefined

export function soundWanted(): boolean {
  return localStorage.getItem(KEY) === 'on'
}

/** Plays the sound once as a sample. Browsers allow sound only after a tap. */
export function wantSound(wanted: boolean): void {
  localStorage.setItem(KEY, wanted ? 'on' : 'off')
  if (wanted) play()
}

/** Rings, and blinks in the title until the page is visible. */
export function announce(title: string): void {
  if (soundWanted()) play()
  // Browsers let a page vibrate only after a touch.
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 100, 200])
  if (document.hidden) blink(title)
}

function play(): void {
  audio ??= new AudioContext()
  void audio.resume()
  for (const [index, hertz] of TONES.entries()) {
    const at = audio.currentTime + index * TONE_S
    const tone = new OscillatorNode(audio, { frequency: hertz })
    const volume = new GainNode(audio, { gain: 0 })
    volume.gain.setValueAtTime(0, at)
    volume.gain.linearRampToValueAtTime(0.2, at + 0.02)
    volume.gain.linearRampToValueAtTime(0, at + TONE_S)
    tone.connect(volume).connect(audio.destination)
    tone.start(at)
    tone.stop(at + TONE_S)
  }
}

function blink(title: string): void {
  let shown = document.title
  const timer = setInterval(() => {
    if (document.title === title) {
      document.title = shown
    } else {
      shown = document.title
      document.title = title
    }
  }, BLINK_MS)
  const stop = () => {
    if (document.hidden) return
    clearInterval(timer)
    if (document.title === title) document.title = shown
    document.removeEventListener('visibilitychange', stop)
  }
  document.addEventListener('visibilitychange', stop)
}
