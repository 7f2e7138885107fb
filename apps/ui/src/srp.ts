/**
 * The client's half of Cognito's SRP (RFC 5054 with the 3072-bit group): shows that one knows the password, and sends nothing of it.
 * Fetched at a sign-in, by the pages that have room for it.
 */
import { deviceClock } from "./clock.ts";
import { Problem } from "./problem.ts";
import { randomNumber } from "./random.ts";
import { hkdf, hmac, sha256 } from "./sha256.ts";
import { parseTokens, type WayIn } from "./user-pool.ts";

/** As RFC 3526 (section 5) writes it, with π by Machin's formula. */
export const N = 2n ** 3072n - 2n ** 3008n - 1n + (((16n * arcTangent(5n) - 4n * arcTangent(239n)) >> 64n) + 1690314n) * 2n ** 64n;
const g = 2n;
const text = new TextEncoder();

/** The challenge `PASSWORD_VERIFIER`. */
interface Challenged {
  readonly ChallengeParameters: {
    readonly SRP_B: string;
    readonly SALT: string;
    readonly SECRET_BLOCK: string;
    readonly USER_ID_FOR_SRP: string;
    /** Some accounts of an earlier release can sign in by sending the password alone, until they have done so. */
    readonly PASSWORD_NEEDED_ONCE?: string;
  };
}

/** Signs in; the password is sent only where the pool says that it has accounts of an earlier release, and has refused this one. */
export const signInBySrp: WayIn = async (call, poolId, USERNAME, password) => {
  const { SRP_A, answer } = startSrp(poolId);
  const asked = await call("InitiateAuth", { AuthFlow: "USER_SRP_AUTH", AuthParameters: { USERNAME, SRP_A } });
  const { ChallengeParameters } = asked as Challenged;
  const ChallengeResponses = answer(ChallengeParameters, password, deviceClock.nowMs());
  const told = call("RespondToAuthChallenge", { ChallengeName: "PASSWORD_VERIFIER", ChallengeResponses });
  return parseTokens(
    await told.catch((error: unknown) => {
      const isRefused = error instanceof Problem && error.type === "NotAuthorizedException";
      if (!isRefused || !ChallengeParameters.PASSWORD_NEEDED_ONCE) throw error;
      return call("InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME, PASSWORD: password } });
    }),
  );
};

/** Begins an exchange. @param poolId such as `us-east-1_abc`: what stands after `_` is hashed with the password */
function startSrp(poolId: string) {
  const a = randomNumber(32);
  const A = power(g, a);
  const poolName = poolId.slice(poolId.indexOf("_") + 1);
  return {
    SRP_A: A.toString(16),
    /** The `ChallengeResponses`. @throws Error if the server's values are not of the group */
    answer({ SRP_B, SALT, SECRET_BLOCK, USER_ID_FOR_SRP: userId }: Challenged["ChallengeParameters"], password: string, nowMs: number) {
      const B = BigInt(`0x${SRP_B}`);
      const u = hashOf(bytesOf(A), bytesOf(B));
      if (B % N === 0n || u === 0n) throw new Error("SRP_B is not of the group");
      const k = hashOf(bytesOf(N), bytesOf(g));
      const identity = sha256(text.encode(`${poolName}${userId}:${password}`));
      const x = hashOf(bytesOf(BigInt(`0x${SALT}`)), identity);
      const S = power((((B - k * power(g, x)) % N) + N) % N, a + u * x);
      const key = hkdf(bytesOf(S), bytesOf(u), text.encode("Caldera Derived Key"));
      const TIMESTAMP = timestampOf(nowMs);
      const block = Uint8Array.from(atob(SECRET_BLOCK), (character) => character.charCodeAt(0));
      const signed = hmac(key, text.encode(poolName + userId), block, text.encode(TIMESTAMP));
      const claim = { PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK, PASSWORD_CLAIM_SIGNATURE: btoa(String.fromCharCode(...signed)) };
      return { USERNAME: userId, ...claim, TIMESTAMP };
    },
  };
}

/** Of 1 / `inverse`, times 2 to the power of 3006. */
function arcTangent(inverse: bigint): bigint {
  let sum = 0n;
  for (let [term, n] = [2n ** 3006n / inverse, 1n]; term; n += 2n) {
    sum += term / n;
    term /= -inverse * inverse;
  }
  return sum;
}

/** `base` to the power of `exponent`, modulo N: some 30 ms. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [square, rest] = [base, exponent]; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

function hashOf(...parts: Uint8Array[]): bigint {
  return BigInt(`0x${Array.from(sha256(...parts), (byte) => byte.toString(16).padStart(2, "0")).join("")}`);
}

/** Bytes as Java's `BigInteger.toByteArray` has them: as few as may be, the first bit 0. */
function bytesOf(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return Uint8Array.from((even > "8" ? `00${even}` : even).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** Cognito's `ddd MMM D HH:mm:ss UTC YYYY`, in English whatever the device speaks. */
function timestampOf(nowMs: number): string {
  const [weekday = "", day, month, year, time] = new Date(nowMs).toUTCString().split(" ");
  return `${weekday.slice(0, 3)} ${month} ${Number(day)} ${time} UTC ${year}`;
}
