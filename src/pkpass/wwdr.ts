/** Where Apple publishes the intermediate that issues pass certificates, Worldwide Developer Relations G4 (apple.com/certificateauthority). */
export const wwdrUrl = "https://www.apple.com/certificateauthority/AppleWWDRCAG4.cer";

/** SHA-256 fingerprints of the intermediates whose pass certificates Wallet trusts, lowercase hex. */
export const wwdrFingerprints = ["ea4757885538dd8cb59ff4556f676087d83c85e70902c122e42c0808b5bce14c"];
