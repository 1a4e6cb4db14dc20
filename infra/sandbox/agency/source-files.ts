import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'

/** Files that can be fetched from the sample agency, and what they are good for. */
export const sourceFiles = {
  'permit.pdf': 'A document of one page',
  'slow.txt': 'Comes a line a second for two minutes: time to look, and to stop it',
} as const

const slowLines = 120

export async function sendSourceFile(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' || !Object.hasOwn(sourceFiles, name)) {
    return void response.writeHead(404).end()
  }
  if (name === 'permit.pdf') {
    const file = pdfOf('Permit 4711')
    const facts = { 'content-type': 'application/pdf', 'content-length': file.length }
    return void response.writeHead(200, facts).end(file)
  }
  const line = 'Slowly.\n'
  const length = slowLines * line.length
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': length })
  for (let sent = 0; sent < slowLines && !response.destroyed; sent++) {
    response.write(line)
    await setTimeout(1_000, undefined, { ref: false })
  }
  response.end()
}

/** One page with a line on it, as short as PDF lets it be (ISO 32000-1, 7.5). */
function pdfOf(line: string): Buffer {
  const drawing = `BT /F1 24 Tf 72 700 Td (${line}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let text = '%PDF-1.4\n'
  const places = objects.map((object, index) => {
    const at = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(at).padStart(10, '0')} 00000 n \n`
  })
  const size = objects.length + 1
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  return Buffer.from(`${text}xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}${trailer}`)
}
