/** On every page, for the host by which it was asked for: nothing from elsewhere but the backends named, no inline script, no frame around it. */
export function pageHeaders(host: string, backends: readonly string[]): Record<string, string> {
  const elsewhere = backends.flatMap((origin) => [origin, origin.replace(/^http/, "ws")]);
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    ["connect-src 'self'", `ws://${host}`, `wss://${host}`, ...elsewhere].join(" "),
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), screen-wake-lock=(self), fullscreen=(self)",
    "x-frame-options": "DENY",
  };
}
