/** Words that guessers try first, alone or with digits and signs around them. Lower case; letters alone, as `coreOf` leaves them. */
const words = `
  abc abcd abcde abcdef abcdefg abcdefgh abcdefghi abcdefghij abcabc abcdabcd access account adidas admin administrator adminadmin adobe aliens
  alexander alexandra allison amanda amazon america anderson andrea andrew angel angela angels animal anthony apollo apple apples april arsenal
  ashley asdasd asdf asdfasdf asdfg asdfgh asdfghj asdfghjk asdfghjkl asdfqwer august austin azerty azertyuiop babygirl badboy bailey banana
  barcelona barista baristas baseball basketball batman benfica benjamin bienvenido bigdog blink blizzard bonjour boomer boston bradley brandon
  brasil brazil buster butterfly cafe cafecito cafezinho california cappuccino captain carlos caroline cellar change changeit changeme charles
  charlie cheese chelsea chester chicago chicken chocolate chopper christian christmas coffee coffeebar coffeeshop comcast computer conference
  contrasena cookie cookies corazon corinthians corvette cowboys crystal dakota dallas daniel daniela danielle database david december default
  demo demodemo dennis destiny developer diamond dolphin donald dragon dragons eagles einstein eminem enter espresso espressobar estrella estrellita
  eternity europe extreme facebook falcon family fantastic february ferrari fishing flamengo flatwhite florida flower flowers football forever
  formula france freedom friday friends fuckyou gabriel galaxy gandalf garfield george ginger giants golden goldfish google guest guitar gundam
  hammer hannah happy hardcore harley harrypotter heather hello hellohello helloworld hockey home hotmail hunter iceman iloveyou iloveyouforever
  internet ironman isabella jackson jaguar january jasmine jasper jennifer jeremy jessica jesus jesuschrist john johnny johnson jonathan jordan joseph
  joshua july june juventus karina killer king kitty knight ladybug latte legend letmein letmeinnow letmeinplease liberty linkedin linux liverpool
  login loginlogin london lovely loveme lovelove loveyou lucky macbook madison madrid maggie manager manchester manchesterunited maria marina
  marlboro martin master masterkey matrix matthew mature maverick mercedes merlin metallica michael michelle mickey microsoft midnight minecraft
  miranda mobile monday money monica monkey monster morgan mother mountain mustang myspace mypassword nascar natalie naruto newpassword newyork
  nicholas nicole nintendo nirvana nothing november october oliver olivia operator orange order orders oscar packers palmeiras panther parker
  pass passcode passpass passphrase passw passwd password passwordpassword passwort patricia patrick peanut pepper phoenix player please pokemon
  pokemongo popcorn porsche power prince princesa princess private purple qazwsx qazwsxedc qwer qwerasdf qwert qwerty qwertyqwerty qwertyu qwertyui
  qwertyuiop qwertyuiopasdf qwertz qwertzuiop rachel raiders rainbow ranger rangers realmadrid rebecca richard robert rocket roberto rootroot root
  runner russia sample samantha samsung sandra santos saopaulo saturday scooter scorpio secret secretpassword security senha senhasenha september
  serverless serverlesspresso service shadow shadows shannon sierra silver simple skywalker slayer slipknot smokey snoopy soccer somepassword sophie spider
  spiderman spring stargate starwars startrek steelers stella steven strawberry student summer summertime sunday sunflower sunset sunshine
  superman superstar superuser support surfer sweety swordfish system taylor teacher temp temporary tennis tequiero test tester testing testtest
  thomas thunder thursday tiffany tigers tigger tinkerbell titanic toyota transformer trustme trustno trustnoone tuesday turtle twitter united universe user
  username valentina vanessa venezuela veronica victoria vincent viking vision warcraft warrior wednesday welcome welcomehome welcomewelcome whatever
  whiskey william wilson windows winner winston winter wizard wonderful xxxxxx yamaha yankees yellow zaq zaqwsx zxcvb zxcvbn zxcvbnm
`;

const common: ReadonlySet<string> = new Set(words.trim().split(/\s+/));
const rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop"];
const looksLike: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

/**
 * Whether a password is one of those guessed first: a common word dressed with digits and signs, one repeated, a run along the
 * keyboard or alphabet, or too few different characters.
 */
export function isCommonPassword(password: string): boolean {
  const text = password.toLowerCase();
  if (new Set(text).size < 5 || isRun(text) || isRepeated(text)) return true;
  const letters = coreOf(text);
  const undressed = coreOf(readAsLetters(text));
  const trimmed = coreOf(readAsLetters(text.replace(/^[^\p{L}]{1,64}/u, "").replace(/[^\p{L}]{1,64}$/u, "")));
  return [letters, undressed, trimmed].flatMap((core) => [core, half(core)]).some((core) => core === "" || common.has(core));
}

/** `p@ssw0rd` as it is meant. */
function readAsLetters(text: string): string {
  return [...text].map((character) => looksLike[character] ?? character).join("");
}

/** Its letters alone. */
function coreOf(text: string): string {
  return text.normalize("NFKD").replace(/[^\p{L}]/gu, "");
}

/** What is said twice, once. */
function half(core: string): string {
  const middle = core.length / 2;
  return core.length > 0 && core.slice(0, middle) === core.slice(middle) ? core.slice(0, middle) : core || "-";
}

function isRun(text: string): boolean {
  return rows.some((row) => {
    const backwards = [...row].reverse().join("");
    return [row + row, backwards + backwards].some((track) => track.includes(text));
  });
}

function isRepeated(text: string): boolean {
  for (let length = 1; length <= 4; length++) {
    if (
      text
        .slice(0, length)
        .repeat(Math.ceil(text.length / length))
        .startsWith(text)
    )
      return true;
  }
  return false;
}
