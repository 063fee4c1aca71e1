/**
 * The toolkit, once loaded, tries a style of its own; it finds the nonce that allows it in `content` only.
 */
const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
if (meta?.nonce) meta.content = meta.nonce;
