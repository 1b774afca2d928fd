/** What Google writes around the values of an issuer, and what our page writes around the card; in this order of languages. */
const languages = ["en", "de", "es", "fr", "ar"] as const;

const table = {
  // Labels of fields
  accountId: ["Member ID", "Mitgliedsnummer", "N.º de socio", "N° de membre", "رقم العضوية"],
  accountName: ["Member", "Mitglied", "Socio", "Membre", "العضو"],
  address: ["Address", "Adresse", "Dirección", "Adresse", "العنوان"],
  arrives: ["Arrives", "Ankunft", "Llegada", "Arrivée", "الوصول"],
  balance: ["Balance", "Guthaben", "Saldo", "Solde", "الرصيد"],
  balanceAsOf: ["Balance as of", "Guthaben vom", "Saldo a fecha de", "Solde au", "الرصيد بتاريخ"],
  boarding: ["Boarding", "Boarding", "Embarque", "Embarquement", "الصعود"],
  boardingDoor: ["Door", "Tür", "Puerta del avión", "Porte de l’avion", "الباب"],
  boardingGroup: ["Group", "Gruppe", "Grupo", "Groupe", "المجموعة"],
  boardingPosition: ["Position", "Position", "Posición", "Position", "الترتيب"],
  cardNumber: ["Card number", "Kartennummer", "Número de tarjeta", "Numéro de carte", "رقم البطاقة"],
  carriage: ["Carriage", "Wagen", "Vagón", "Voiture", "العربة"],
  confirmationCode: ["Confirmation code", "Buchungscode", "Localizador", "Code de réservation", "رمز التأكيد"],
  date: ["Date", "Datum", "Fecha", "Date", "التاريخ"],
  departs: ["Departs", "Abflug / Abfahrt", "Salida", "Départ", "المغادرة"],
  details: ["Details", "Einzelheiten", "Detalles", "Détails", "التفاصيل"],
  doorsOpen: ["Doors open", "Einlass", "Apertura de puertas", "Ouverture des portes", "فتح الأبواب"],
  ends: ["Ends", "Ende", "Fin", "Fin", "النهاية"],
  event: ["Event", "Veranstaltung", "Evento", "Événement", "الفعالية"],
  eventNumber: ["Event number", "Ereignisnummer", "Número de evento", "Numéro d’événement", "رقم الحدث"],
  eticketNumber: [
    "E-ticket number",
    "E-Ticket-Nummer",
    "Billete electrónico",
    "Billet électronique",
    "التذكرة الإلكترونية",
  ],
  faceValue: ["Face value", "Nennwert", "Valor nominal", "Valeur faciale", "القيمة الاسمية"],
  fare: ["Fare", "Tarif", "Tarifa", "Tarif", "التعرفة"],
  finePrint: ["Terms", "Bedingungen", "Condiciones", "Conditions", "الشروط"],
  flight: ["Flight", "Flug", "Vuelo", "Vol", "الرحلة"],
  frequentFlyer: ["Frequent flyer", "Vielflieger", "Viajero frecuente", "Fidélité", "المسافر الدائم"],
  from: ["From", "Von", "Desde", "De", "من"],
  gate: ["Gate", "Gate", "Puerta", "Porte", "البوابة"],
  gateCloses: ["Gate closes", "Gate schließt", "Cierre de puerta", "Fermeture de la porte", "إغلاق البوابة"],
  help: ["Help", "Hilfe", "Ayuda", "Aide", "المساعدة"],
  passenger: ["Passenger", "Passagier", "Pasajero", "Passager", "المسافر"],
  pin: ["PIN", "PIN", "PIN", "Code PIN", "الرقم السري"],
  platform: ["Platform", "Gleis", "Andén", "Quai", "الرصيف"],
  points: ["Points", "Punkte", "Puntos", "Points", "النقاط"],
  price: ["Price", "Preis", "Precio", "Prix", "السعر"],
  program: ["Programme", "Programm", "Programa", "Programme", "البرنامج"],
  provider: ["Provider", "Anbieter", "Proveedor", "Fournisseur", "المزوّد"],
  receiptNumber: ["Receipt number", "Belegnummer", "Número de recibo", "Numéro de reçu", "رقم الإيصال"],
  restrictions: ["Restrictions", "Einschränkungen", "Restricciones", "Restrictions", "القيود"],
  row: ["Row", "Reihe", "Fila", "Rang", "الصف"],
  seat: ["Seat", "Platz", "Asiento", "Place", "المقعد"],
  seatClass: ["Class", "Klasse", "Clase", "Classe", "الدرجة"],
  section: ["Section", "Block", "Sección", "Section", "القسم"],
  sequenceNumber: ["Sequence", "Sequenz", "Secuencia", "Séquence", "التسلسل"],
  terminal: ["Terminal", "Terminal", "Terminal", "Terminal", "المبنى"],
  ticketHolder: ["Ticket holder", "Karteninhaber", "Titular", "Titulaire", "حامل التذكرة"],
  ticketNumber: ["Ticket number", "Ticketnummer", "Número de billete", "Numéro de billet", "رقم التذكرة"],
  ticketType: ["Ticket type", "Ticketart", "Tipo de entrada", "Type de billet", "نوع التذكرة"],
  tier: ["Tier", "Stufe", "Nivel", "Niveau", "المستوى"],
  time: ["Time", "Uhrzeit", "Hora", "Heure", "الوقت"],
  to: ["To", "Nach", "Hasta", "À", "إلى"],
  validFrom: ["Valid from", "Gültig ab", "Válido desde", "Valable à partir du", "صالحة من"],
  validUntil: ["Valid until", "Gültig bis", "Válido hasta", "Valable jusqu’au", "صالحة حتى"],
  venue: ["Venue", "Ort", "Lugar", "Lieu", "المكان"],
  zone: ["Zone", "Zone", "Zona", "Zone", "المنطقة"],
  // States
  ACTIVE: ["Active", "Aktiv", "Activo", "Active", "نشطة"],
  COMPLETED: ["Used", "Benutzt", "Usado", "Utilisée", "مستخدمة"],
  EXPIRED: ["Expired", "Abgelaufen", "Caducado", "Expirée", "منتهية"],
  INACTIVE: ["Inactive", "Inaktiv", "Inactivo", "Inactive", "غير نشطة"],
  // The page
  simulator: [
    "Google Wallet simulator",
    "Simulator von Google Wallet",
    "Simulador de Google Wallet",
    "Simulateur de Google Wallet",
    "محاكي Google Wallet",
  ],
  simulatorNotice: [
    "Nothing on this page is from Google or reaches it, and no phone gets this card.",
    "Nichts auf dieser Seite kommt von Google oder geht dorthin, und kein Telefon bekommt diese Karte.",
    "Nada de esta página viene de Google ni llega a Google, y ningún teléfono recibe esta tarjeta.",
    "Rien sur cette page ne vient de Google ni ne lui parvient, et aucun téléphone ne reçoit cette carte.",
    "لا شيء في هذه الصفحة يأتي من Google أو يصل إليها، ولا يستلم أي هاتف هذه البطاقة.",
  ],
  save: [
    "Save to the wallet",
    "In der Wallet speichern",
    "Guardar en la cartera",
    "Enregistrer dans le Wallet",
    "حفظ في المحفظة",
  ],
  remove: [
    "Remove from the wallet",
    "Aus der Wallet entfernen",
    "Quitar de la cartera",
    "Retirer du Wallet",
    "إزالة من المحفظة",
  ],
  saved: ["In the wallet", "In der Wallet", "En la cartera", "Dans le Wallet", "في المحفظة"],
  notSaved: [
    "Not in the wallet",
    "Nicht in der Wallet",
    "No está en la cartera",
    "Pas dans le Wallet",
    "ليست في المحفظة",
  ],
  card: ["Card", "Karte", "Tarjeta", "Carte", "البطاقة"],
  noDetails: [
    "This card has no details.",
    "Diese Karte hat keine weiteren Angaben.",
    "Esta tarjeta no tiene detalles.",
    "Cette carte n’a pas de détails.",
    "لا توجد تفاصيل لهذه البطاقة.",
  ],
  messages: ["Messages", "Nachrichten", "Mensajes", "Messages", "الرسائل"],
  links: ["Links", "Links", "Enlaces", "Liens", "الروابط"],
  locations: [
    "Reminds near these places",
    "Erinnert in der Nähe dieser Orte",
    "Avisa cerca de estos lugares",
    "Rappelle près de ces lieux",
    "تذكير قرب هذه الأماكن",
  ],
  notifications: ["Lock screen", "Sperrbildschirm", "Pantalla de bloqueo", "Écran verrouillé", "شاشة القفل"],
  noNotifications: [
    "No notification has been shown.",
    "Es wurde keine Mitteilung gezeigt.",
    "No se ha mostrado ninguna notificación.",
    "Aucune notification n’a été affichée.",
    "لم يظهر أي إشعار.",
  ],
  callbacks: ["Callbacks", "Callbacks", "Callbacks", "Callbacks", "الاستدعاءات"],
  noCallbacks: [
    "No callback has been sent.",
    "Es wurde kein Callback gesendet.",
    "No se ha enviado ningún callback.",
    "Aucun callback n’a été envoyé.",
    "لم يُرسل أي استدعاء.",
  ],
  answered: [
    "answered {status}",
    "mit {status} beantwortet",
    "respuesta {status}",
    "réponse {status}",
    "الرد {status}",
  ],
  noAnswer: ["no answer", "keine Antwort", "sin respuesta", "pas de réponse", "بلا رد"],
  code: ["Code", "Code", "Código", "Code", "الرمز"],
  codeMissing: [
    "This code cannot be drawn.",
    "Dieser Code kann nicht gezeichnet werden.",
    "Este código no se puede dibujar.",
    "Ce code ne peut pas être dessiné.",
    "لا يمكن رسم هذا الرمز.",
  ],
  rotating: [
    "Changes every {seconds} seconds; load the page again for the next one.",
    "Wechselt alle {seconds} Sekunden; der nächste kommt beim Neuladen der Seite.",
    "Cambia cada {seconds} segundos; recarga la página para ver el siguiente.",
    "Change toutes les {seconds} secondes ; rechargez la page pour le suivant.",
    "يتغير كل {seconds} ثانية؛ أعد تحميل الصفحة لعرض التالي.",
  ],
  issuer: ["Issuer", "Aussteller", "Emisor", "Émetteur", "المُصدر"],
} as const satisfies Record<string, readonly [string, string, string, string, string]>;

export type Word = keyof typeof table;

export interface CardWords {
  /** The language of these words, which may be another than the one asked for. */
  language: (typeof languages)[number];
  say: (word: Word) => string;
}

/** The words of a language, or the English ones. */
export function cardWords(language: string): CardWords {
  const [base = ""] = language.toLowerCase().split("-");
  const at = Math.max(
    0,
    languages.findIndex((known) => known === base),
  );
  return { language: languages[at] ?? "en", say: (word) => table[word][at] ?? table[word][0] };
}
