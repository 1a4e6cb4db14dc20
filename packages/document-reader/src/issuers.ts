/** A state that issues cards: its code, and its name as it stands on them. */
export interface Issuer {
  readonly code: string
  readonly name: string
}

/** The state whose agency has this number at AAMVA; `foreign` for one that is no state's: of Canada, Mexico, the State Department. */
export function issuerOf(number: string): string | undefined {
  if (foreign.includes(number)) return 'foreign'
  return agencies.find(([its]) => its === number)?.[1]
}

export function issuers(): readonly Issuer[] {
  return agencies.map(([, code, name]) => ({ code, name }))
}

// Numbers as published at aamva.org, "Issuer Identification Numbers".
const agencies = [
  ['636033', 'AL', 'ALABAMA'],
  ['636059', 'AK', 'ALASKA'],
  ['604427', 'AS', 'AMERICAN SAMOA'],
  ['636026', 'AZ', 'ARIZONA'],
  ['636021', 'AR', 'ARKANSAS'],
  ['636014', 'CA', 'CALIFORNIA'],
  ['636020', 'CO', 'COLORADO'],
  ['636006', 'CT', 'CONNECTICUT'],
  ['636011', 'DE', 'DELAWARE'],
  ['636043', 'DC', 'DISTRICT OF COLUMBIA'],
  ['636010', 'FL', 'FLORIDA'],
  ['636055', 'GA', 'GEORGIA'],
  ['636019', 'GU', 'GUAM'],
  ['636047', 'HI', 'HAWAII'],
  ['636050', 'ID', 'IDAHO'],
  ['636035', 'IL', 'ILLINOIS'],
  ['636037', 'IN', 'INDIANA'],
  ['636018', 'IA', 'IOWA'],
  ['636022', 'KS', 'KANSAS'],
  ['636046', 'KY', 'KENTUCKY'],
  ['636007', 'LA', 'LOUISIANA'],
  ['636041', 'ME', 'MAINE'],
  ['636003', 'MD', 'MARYLAND'],
  ['636002', 'MA', 'MASSACHUSETTS'],
  ['636032', 'MI', 'MICHIGAN'],
  ['636038', 'MN', 'MINNESOTA'],
  ['636051', 'MS', 'MISSISSIPPI'],
  ['636030', 'MO', 'MISSOURI'],
  ['636008', 'MT', 'MONTANA'],
  ['636054', 'NE', 'NEBRASKA'],
  ['636049', 'NV', 'NEVADA'],
  ['636039', 'NH', 'NEW HAMPSHIRE'],
  ['636036', 'NJ', 'NEW JERSEY'],
  ['636009', 'NM', 'NEW MEXICO'],
  ['636001', 'NY', 'NEW YORK'],
  ['636004', 'NC', 'NORTH CAROLINA'],
  ['636034', 'ND', 'NORTH DAKOTA'],
  ['604430', 'MP', 'NORTHERN MARIANA ISLANDS'],
  ['636023', 'OH', 'OHIO'],
  ['636058', 'OK', 'OKLAHOMA'],
  ['636029', 'OR', 'OREGON'],
  ['636025', 'PA', 'PENNSYLVANIA'],
  ['604431', 'PR', 'PUERTO RICO'],
  ['636052', 'RI', 'RHODE ISLAND'],
  ['636005', 'SC', 'SOUTH CAROLINA'],
  ['636042', 'SD', 'SOUTH DAKOTA'],
  ['636053', 'TN', 'TENNESSEE'],
  ['636015', 'TX', 'TEXAS'],
  ['636062', 'VI', 'VIRGIN ISLANDS'],
  ['636040', 'UT', 'UTAH'],
  ['636024', 'VT', 'VERMONT'],
  ['636000', 'VA', 'VIRGINIA'],
  ['636045', 'WA', 'WASHINGTON'],
  ['636061', 'WV', 'WEST VIRGINIA'],
  ['636031', 'WI', 'WISCONSIN'],
  ['636060', 'WY', 'WYOMING'],
] as const

const foreign: readonly string[] = [
  '604426',
  '604428',
  '604429',
  '604432',
  '604433',
  '604434',
  '636012',
  '636013',
  '636016',
  '636017',
  '636027',
  '636028',
  '636044',
  '636048',
  '636056',
  '636057',
]
