/** Words that mean much the same to a helpdesk, what is none of its business included. Of several kinds of a word the last counts. */
const kinds = {
  ticket: 'ticket tickets incident incidents case cases request requests sr issue issues',
  person:
    'human humans person people agent agents representative rep reps representatives operator someone somebody anyone anybody supervisor manager technician technicians colleague colleagues employee employees staff expert specialist advisor guy lady engineer man woman',
  bot: 'bot bots robot robots machine chatbot chatbots voicebot ai assistant assistants automated recording automaton software computerized',
  mail: 'email emails outlook mail mails mailbox inbox exchange gmail outbox webmail thunderbird attachment attachments',
  password: 'password passwords passcode login logon credentials pwd pin passphrase',
  account: 'account accounts profile user username',
  device:
    'computer laptop notebook pc printer printers scanner scanners copier monitor monitors screen screens display keyboard mouse phone telephone tablet ipad iphone headset webcam camera projector microphone mic speaker speakers dock desktop macbook mac charger battery cable router server usb hardware touchpad trackpad beamer disk workstation device adapter stick plug port machines laptops computers tv handset',
  program:
    'excel word powerpoint teams zoom chrome browser sap slack acrobat windows software app application applications program website intranet sharepoint vpn network internet wifi lan onedrive citrix jira firefox edge portal database drive folder folders system crm pdf file files tool ethernet connection salesforce oracle webex skype erp spreadsheet document documents citrix antivirus backup driver license',
  fails:
    'broken broke breaks bust down dead slow frozen freezes freeze freezing froze stuck crash crashes crashed crashing hang hangs hanging fail fails failed failing error errors offline defective damaged malfunctioning glitching disconnecting disconnects disconnected unresponsive black blank flickering flickers jammed jam dying died weird drops dropping dropped corrupt corrupted overheating unavailable unreachable faulty glitchy lagging laggy smoking beeping',
  open: 'open create file log raise submit report register enter make opened created filed logged raised submitted reported registered creating opening raising reporting logging',
  state: 'status update updates progress news state',
  repaired: 'fixed resolved solved closed done repaired finished completed sorted handled',
  give: 'transfer connect forward switch redirect hand pass route patch put transferred connected forwarded redirected',
  talk: 'talk speak chat talking speaking chatting talked spoke',
  want: 'want need prefer require wish insist demand',
  hear: 'hear catch understand heard caught understood hearing',
  hello: 'hi hello hey hiya greetings howdy',
  thanks: 'thanks thank thankful grateful appreciate appreciated cheers',
  day: 'monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow week weeks month morning evening afternoon night weekend',
  number: 'one two three four five six seven eight nine ten twenty thirty forty fifty hundred thousand zero',
  kin: 'mother father mom dad wife husband son daughter brother sister kid kids child children baby aunt uncle grandma grandpa neighbor neighbour girlfriend boyfriend friend cousin family',
  animal:
    'dog dogs cat cats bird birds horse horses cow cows fish elephant elephants giraffe turtle turtles lion tiger spider bear rabbit mouse hamster goat penguin shark whale dinosaur dinosaurs pet pets',
  food: 'pizza burger sandwich coffee tea beer wine water milk bread cake soup pasta rice egg eggs steak salad sushi cheese chocolate apple apples banana bananas lunch dinner breakfast food recipe recipes cook cooking bake restaurant canteen kitchen oven sugar salt salty lasagna spaghetti chicken potato potatoes tomato tomatoes ice cream fruit vegetables hungry thirsty eat eating drink drinking groceries supermarket',
  travel:
    'flight flights hotel airport train trains bus car taxi cab trip holiday vacation beach plane boat ship bicycle bike road traffic tire tyre passport visa spain france italy greece germany england paris london berlin rome tokyo america europe china japan mexico city town street museum parking highway',
  fun: 'song songs music movie movies film films game games match football soccer baseball basketball tennis golf team concert opera theater theatre cinema book books novel poem joke jokes story lullaby dance sing singer band guitar piano radio lottery party wedding birthday christmas easter',
  health:
    'doctor dentist hospital sick ill cold flu headache knee back tooth stomach medicine pharmacy fever cough pain hurts diet haircut gym',
  money:
    'money dollar dollars euro euros price prices bank loan salary raise pay tax taxes stock stocks bitcoin insurance rent buy sell cheap expensive cost costs shop shopping shoes shirt jacket',
  world:
    'weather rain raining snow sun sunny moon star stars sky earth mars planet planets ocean sea river mountain president king queen minister election politics war history god universe space capital country countries language french spanish german english italian chinese japanese painter painted invented wrote century',
} as const;

/** Made when it is first asked for. */
let kindOfWord: ReadonlyMap<string, string> | undefined;

/** The kind of a word, where it has one. */
export function kindOf(word: string): string | undefined {
  kindOfWord ??= new Map(
    Object.entries(kinds).flatMap(([kind, words]) => words.split(' ').map((one) => [one, kind] as const)),
  );
  return kindOfWord.get(word);
}
