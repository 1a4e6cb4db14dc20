export { type Html, html, renderHtml } from '@anteroom/html'
