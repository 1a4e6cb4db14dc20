/** Short tones, made here: there is no file to load. */
export interface Chime {
  play(): void
  /** Gives the loudspeaker back; nothing is heard after that. */
  close(): void
}

const notesHz = [523.25, 659.25]
const noteSeconds = 0.18

/** Call it as somebody presses something: browsers let no page make a sound that nobody asked for. */
export function createChime(): Chime {
  const context = new AudioContext()
  return {
    play() {
      for (const [index, frequency] of notesHz.entries()) {
        const start = context.currentTime + index * noteSeconds
        const volume = context.createGain()
        volume.gain.setValueAtTime(0.2, start)
        volume.gain.exponentialRampToValueAtTime(0.001, start + noteSeconds)
        const tone = context.createOscillator()
        tone.frequency.value = frequency
        tone.connect(volume).connect(context.destination)
        tone.start(start)
        tone.stop(start + noteSeconds)
      }
    },
    close: () => void context.close(),
  }
}
