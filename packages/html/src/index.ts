export { type Html, html, renderHtml } from './html.ts'
