/** Camera RAW files, which need developing before they are a picture. */

const extensions = new Set(
  (
    "3fr ari arw bay cap cr2 cr3 crw cs1 dcr dcs dng drf eip erf fff gpr iiq k25 kc2 kdc mdc mef mos mrw nef nrw orf " +
    "ori pef ptx pxn raf raw rw2 rwl rwz sr2 srf srw x3f"
  ).split(" "),
);

export const isRawExtension = (extension: string): boolean => extensions.has(extension);

const NEW_SUBFILE_TYPE = 254;
const DNG_VERSION = 50706;

/**
 * Most RAW formats are TIFF files, and a TIFF reader would open their thumbnail without a word. Such a file
 * says so in its first directory: a thumbnail comes first, or the DNG tag is there.
 */
export function isRawTiff(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const little = head[0] === 0x49;
  const directory = view.getUint32(4, little);
  if (String.fromCharCode(head[8] ?? 0, head[9] ?? 0) === "CR") return true;
  if (view.getUint16(2, little) !== 42 || directory + 2 > head.length) return false;
  const entries = Math.min(view.getUint16(directory, little), Math.floor((head.length - directory - 2) / 12));
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    const tag = view.getUint16(entry, little);
    if (tag === DNG_VERSION) return true;
    if (tag === NEW_SUBFILE_TYPE && view.getUint32(entry + 8, little) === 1) return true;
  }
  return false;
}
