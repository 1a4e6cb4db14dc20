import http from 'node:http'
import https from 'node:https'
import { openVendorHttp, type VendorHttp } from './http.ts'

export interface DirectOptions {
  /** `http:` or `https:` */
  readonly baseUrl: string
  readonly token: string
  /** PEM of the authorities that the server is verified against. */
  readonly ca?: string
}

/** The same door without a proxy, for measurements alone. An architecture rule keeps it out of the apps. */
export function createDirectVendorHttp({ baseUrl, token, ca }: DirectOptions): VendorHttp {
  const agents = {
    http: new http.Agent({ keepAlive: true }),
    https: new https.Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) }),
  }
  return openVendorHttp({ baseUrl, token, agents })
}
