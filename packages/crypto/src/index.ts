export { CryptoError, type CryptoErrorCode } from './crypto-error.ts'
export { createFingerprint, type Fingerprint } from './fingerprint.ts'
export { createImageSeal, type ImageSealing, openImage } from './image.ts'
export { type ImageSlot, imageContext } from './image-context.ts'
export type { DataKey, EncryptionContext, KeyProvider } from './key-provider.ts'
export { createKeyring, type Keyring, type KeyringKey } from './keyring.ts'
export { createKmsKeyProvider, type KmsKeyProviderOptions } from './kms.ts'
export { createLocalKeyProvider, type LocalKeyProviderOptions } from './local.ts'
export { createSealer, type Sealer, type SealerOptions } from './sealer.ts'
export {
  createSealerFromSettings,
  type SealingSettings,
  startOfNewest,
} from './sealer-from-settings.ts'
export { type Purpose, purposes, type Slot } from './slot.ts'
export { openTextFor, sealTextFor, type TextSlot } from './text-sealing.ts'
