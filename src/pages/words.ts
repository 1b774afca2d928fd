/** What our own pages say around a pass; the pass itself speaks the language of its localizations. */
export interface Words {
  /** The language these words are in, which may be another than the one asked for. */
  language: string;
  void: string;
  expired: string;
  details: string;
  noDetails: string;
  code: string;
  codeMissing: string;
  addToApple: string;
  addToGoogle: string;
  appleHint: string;
  googleHint: string;
  computerHint: string;
  noWalletHint: string;
  voidNotice: string;
  expiredNotice: string;
  /** While a wallet does not take the pass, and where it will not before somebody changes something. */
  notYet: { title: string; text: string };
  notTaken: { title: string; text: string };
  /** To who asked for too much. */
  busy: { title: string; text: string };
  gone: Record<GoneReason, { title: string; text: string }>;
  /** In place of the sign-up page of a programme. */
  signup: Record<SignupTrouble, { title: string; text: string }>;
}

export type GoneReason = "voided" | "revoked" | "expired" | "unknown";
export type SignupTrouble = "notSetUp" | "unreadable" | "failed";

const words = {
  en: {
    language: "en",
    void: "Void",
    expired: "Expired",
    details: "Pass details",
    noDetails: "This pass has no further details.",
    code: "Code of this pass",
    codeMissing: "This code cannot be shown here.",
    addToApple: "Add to Apple Wallet",
    addToGoogle: "Add to Google Wallet",
    appleHint: "iPhone or Apple Watch: tap “Add to Apple Wallet”, then “Add” at the top of the screen.",
    googleHint: "Android: tap “Add to Google Wallet” and confirm with your Google account.",
    computerHint: "On a computer? Open this link on your phone to keep the pass there.",
    noWalletHint: "Keep this link: it always shows the current state of your pass.",
    voidNotice: "This pass has been cancelled and can no longer be used.",
    expiredNotice: "This pass has expired and may no longer be accepted.",
    notYet: {
      title: "One moment",
      text: "Google Wallet is not ready for your pass yet. This page tries again by itself.",
    },
    notTaken: {
      title: "Google Wallet does not take this pass",
      text: "Something about it has to be put right first. Please tell whoever sent you the link; until then it shows the pass here.",
    },
    busy: {
      title: "Too many requests",
      text: "Your network asked for a lot in a short time. Please wait a minute and open the link again; if that does not help, try again in a quarter of an hour.",
    },
    gone: {
      voided: {
        title: "This pass has been cancelled",
        text: "Whoever issued it has withdrawn it, so it can no longer be added or used. If you did not expect this, ask them for a new one.",
      },
      revoked: {
        title: "This link no longer works",
        text: "It was switched off by whoever sent it. A pass that is already in your wallet stays there; for a new link, ask the sender.",
      },
      expired: {
        title: "This link has expired",
        text: "It was only good for a limited time. Ask whoever sent it to you for a new one.",
      },
      unknown: {
        title: "There is no pass here",
        text: "Check that the whole link was copied, from its first letter to its last. If it still does not open, ask whoever sent it to you for a new one.",
      },
    },
    signup: {
      notSetUp: {
        title: "This sign-up page is not set up",
        text: "There is no form here to join the programme with, or it is closed for now. Please ask the company whose programme it is.",
      },
      unreadable: {
        title: "The sign-up page cannot be opened",
        text: "The link, or what your phone sent with it, could not be read. Please go back and try again, or sign up on the website of the company whose programme it is.",
      },
      failed: {
        title: "Something went wrong here",
        text: "The sign-up page cannot be opened at the moment. Please try again in a few minutes.",
      },
    },
  },
  de: {
    language: "de",
    void: "Ungültig",
    expired: "Abgelaufen",
    details: "Einzelheiten des Passes",
    noDetails: "Zu diesem Pass gibt es keine weiteren Angaben.",
    code: "Code dieses Passes",
    codeMissing: "Dieser Code kann hier nicht gezeigt werden.",
    addToApple: "Zu Apple Wallet hinzufügen",
    addToGoogle: "Zu Google Wallet hinzufügen",
    appleHint: "iPhone oder Apple Watch: auf „Zu Apple Wallet hinzufügen“ tippen, dann oben auf „Hinzufügen“.",
    googleHint: "Android: auf „Zu Google Wallet hinzufügen“ tippen und mit dem Google-Konto bestätigen.",
    computerHint: "Am Computer? Öffnen Sie diesen Link auf Ihrem Telefon, um den Pass dort zu speichern.",
    noWalletHint: "Bewahren Sie diesen Link auf: Er zeigt immer den aktuellen Stand Ihres Passes.",
    voidNotice: "Dieser Pass wurde storniert und kann nicht mehr benutzt werden.",
    expiredNotice: "Dieser Pass ist abgelaufen und wird vielleicht nicht mehr angenommen.",
    notYet: {
      title: "Einen Augenblick",
      text: "Google Wallet ist für Ihren Pass noch nicht bereit. Diese Seite versucht es von selbst noch einmal.",
    },
    notTaken: {
      title: "Google Wallet nimmt diesen Pass nicht an",
      text: "Daran muss zuerst etwas berichtigt werden. Bitte sagen Sie es dem Absender des Links; bis dahin zeigt er den Pass hier.",
    },
    busy: {
      title: "Zu viele Anfragen",
      text: "Aus Ihrem Netz kamen in kurzer Zeit sehr viele Anfragen. Bitte warten Sie eine Minute und öffnen Sie den Link noch einmal; wenn das nicht hilft, in einer Viertelstunde.",
    },
    gone: {
      voided: {
        title: "Dieser Pass wurde storniert",
        text: "Der Aussteller hat ihn zurückgezogen; er kann nicht mehr hinzugefügt oder benutzt werden. Wenn Sie das nicht erwartet haben, bitten Sie dort um einen neuen.",
      },
      revoked: {
        title: "Dieser Link gilt nicht mehr",
        text: "Der Absender hat ihn abgeschaltet. Ein Pass, der schon in Ihrer Wallet ist, bleibt dort; einen neuen Link bekommen Sie vom Absender.",
      },
      expired: {
        title: "Dieser Link ist abgelaufen",
        text: "Er galt nur für begrenzte Zeit. Bitten Sie den Absender um einen neuen.",
      },
      unknown: {
        title: "Hier ist kein Pass",
        text: "Prüfen Sie, ob der Link vollständig kopiert wurde. Wenn er sich dann noch nicht öffnet, bitten Sie den Absender um einen neuen.",
      },
    },
    signup: {
      notSetUp: {
        title: "Diese Anmeldeseite ist nicht eingerichtet",
        text: "Hier gibt es kein Formular zur Anmeldung beim Programm, oder es ist zurzeit geschlossen. Bitte fragen Sie das Unternehmen, zu dem das Programm gehört.",
      },
      unreadable: {
        title: "Die Anmeldeseite lässt sich nicht öffnen",
        text: "Der Link oder was Ihr Telefon mitgeschickt hat, konnte nicht gelesen werden. Bitte gehen Sie zurück und versuchen Sie es noch einmal, oder melden Sie sich auf der Website des Unternehmens an.",
      },
      failed: {
        title: "Hier ist etwas schiefgegangen",
        text: "Die Anmeldeseite lässt sich gerade nicht öffnen. Bitte versuchen Sie es in ein paar Minuten noch einmal.",
      },
    },
  },
  es: {
    language: "es",
    void: "Anulado",
    expired: "Caducado",
    details: "Detalles del pase",
    noDetails: "Este pase no tiene más detalles.",
    code: "Código de este pase",
    codeMissing: "Este código no se puede mostrar aquí.",
    addToApple: "Añadir a Apple Wallet",
    addToGoogle: "Añadir a Google Wallet",
    appleHint: "iPhone o Apple Watch: toca «Añadir a Apple Wallet» y después «Añadir» en la parte superior.",
    googleHint: "Android: toca «Añadir a Google Wallet» y confirma con tu cuenta de Google.",
    computerHint: "¿Estás en un ordenador? Abre este enlace en el teléfono para guardar el pase allí.",
    noWalletHint: "Guarda este enlace: siempre muestra el estado actual de tu pase.",
    voidNotice: "Este pase ha sido anulado y ya no se puede usar.",
    expiredNotice: "Este pase ha caducado y es posible que ya no se acepte.",
    notYet: {
      title: "Un momento",
      text: "Google Wallet todavía no está listo para tu pase. Esta página vuelve a intentarlo sola.",
    },
    notTaken: {
      title: "Google Wallet no acepta este pase",
      text: "Primero hay que corregir algo. Avisa a quien te envió el enlace; mientras tanto, el enlace muestra aquí el pase.",
    },
    busy: {
      title: "Demasiadas solicitudes",
      text: "Desde tu red llegaron muchas solicitudes en poco tiempo. Espera un minuto y vuelve a abrir el enlace; si no funciona, inténtalo dentro de un cuarto de hora.",
    },
    gone: {
      voided: {
        title: "Este pase ha sido anulado",
        text: "Quien lo emitió lo ha retirado, así que ya no se puede añadir ni usar. Si no lo esperabas, pídele uno nuevo.",
      },
      revoked: {
        title: "Este enlace ya no funciona",
        text: "Quien lo envió lo ha desactivado. Un pase que ya está en tu wallet se queda allí; para un enlace nuevo, pregunta al remitente.",
      },
      expired: {
        title: "Este enlace ha caducado",
        text: "Solo era válido por tiempo limitado. Pide uno nuevo a quien te lo envió.",
      },
      unknown: {
        title: "Aquí no hay ningún pase",
        text: "Comprueba que el enlace se copió entero. Si sigue sin abrirse, pide uno nuevo a quien te lo envió.",
      },
    },
    signup: {
      notSetUp: {
        title: "Esta página de registro no está configurada",
        text: "Aquí no hay ningún formulario para unirse al programa, o está cerrado por ahora. Pregunta a la empresa a la que pertenece el programa.",
      },
      unreadable: {
        title: "No se puede abrir la página de registro",
        text: "No se pudo leer el enlace o lo que envió tu teléfono. Vuelve atrás e inténtalo de nuevo, o regístrate en el sitio web de la empresa.",
      },
      failed: {
        title: "Algo ha fallado aquí",
        text: "La página de registro no se puede abrir en este momento. Inténtalo de nuevo dentro de unos minutos.",
      },
    },
  },
  fr: {
    language: "fr",
    void: "Annulé",
    expired: "Expiré",
    details: "Détails de la carte",
    noDetails: "Cette carte n’a pas d’autres détails.",
    code: "Code de cette carte",
    codeMissing: "Ce code ne peut pas être affiché ici.",
    addToApple: "Ajouter à Apple Wallet",
    addToGoogle: "Ajouter à Google Wallet",
    appleHint: "iPhone ou Apple Watch : touchez « Ajouter à Apple Wallet », puis « Ajouter » en haut de l’écran.",
    googleHint: "Android : touchez « Ajouter à Google Wallet » et confirmez avec votre compte Google.",
    computerHint: "Sur un ordinateur ? Ouvrez ce lien sur votre téléphone pour y garder la carte.",
    noWalletHint: "Gardez ce lien : il montre toujours l’état actuel de votre carte.",
    voidNotice: "Cette carte a été annulée et ne peut plus être utilisée.",
    expiredNotice: "Cette carte a expiré et pourrait ne plus être acceptée.",
    notYet: {
      title: "Un instant",
      text: "Google Wallet n’est pas encore prêt pour votre carte. Cette page réessaie d’elle-même.",
    },
    notTaken: {
      title: "Google Wallet n’accepte pas cette carte",
      text: "Il faut d’abord y corriger quelque chose. Prévenez la personne qui vous a envoyé le lien ; en attendant, il montre la carte ici.",
    },
    busy: {
      title: "Trop de demandes",
      text: "Votre réseau a envoyé beaucoup de demandes en peu de temps. Attendez une minute et rouvrez le lien ; si cela ne suffit pas, réessayez dans un quart d’heure.",
    },
    gone: {
      voided: {
        title: "Cette carte a été annulée",
        text: "L’émetteur l’a retirée ; elle ne peut plus être ajoutée ni utilisée. Si vous ne vous y attendiez pas, demandez-lui-en une nouvelle.",
      },
      revoked: {
        title: "Ce lien ne fonctionne plus",
        text: "L’expéditeur l’a désactivé. Une carte déjà présente dans votre Wallet y reste ; pour un nouveau lien, adressez-vous à l’expéditeur.",
      },
      expired: {
        title: "Ce lien a expiré",
        text: "Il n’était valable que pour une durée limitée. Demandez-en un nouveau à la personne qui vous l’a envoyé.",
      },
      unknown: {
        title: "Il n’y a pas de carte ici",
        text: "Vérifiez que le lien a été copié en entier. S’il ne s’ouvre toujours pas, demandez-en un nouveau à la personne qui vous l’a envoyé.",
      },
    },
    signup: {
      notSetUp: {
        title: "Cette page d’inscription n’est pas configurée",
        text: "Il n’y a pas ici de formulaire pour rejoindre le programme, ou il est fermé pour le moment. Adressez-vous à l’entreprise dont c’est le programme.",
      },
      unreadable: {
        title: "La page d’inscription ne peut pas s’ouvrir",
        text: "Le lien, ou ce que votre téléphone a envoyé, n’a pas pu être lu. Revenez en arrière et réessayez, ou inscrivez-vous sur le site de l’entreprise.",
      },
      failed: {
        title: "Un problème est survenu ici",
        text: "La page d’inscription ne peut pas s’ouvrir pour le moment. Réessayez dans quelques minutes.",
      },
    },
  },
  ar: {
    language: "ar",
    void: "ملغاة",
    expired: "منتهية",
    details: "تفاصيل البطاقة",
    noDetails: "لا توجد تفاصيل أخرى لهذه البطاقة.",
    code: "رمز هذه البطاقة",
    codeMissing: "لا يمكن عرض هذا الرمز هنا.",
    addToApple: "إضافة إلى Apple Wallet",
    addToGoogle: "إضافة إلى Google Wallet",
    appleHint: "على iPhone أو Apple Watch: اضغط «إضافة إلى Apple Wallet» ثم «إضافة» أعلى الشاشة.",
    googleHint: "على Android: اضغط «إضافة إلى Google Wallet» وأكّد بحسابك على Google.",
    computerHint: "على حاسوب؟ افتح هذا الرابط على هاتفك لحفظ البطاقة فيه.",
    noWalletHint: "احتفظ بهذا الرابط: فهو يعرض دائمًا الحالة الحالية لبطاقتك.",
    voidNotice: "أُلغيت هذه البطاقة ولم يعد بالإمكان استخدامها.",
    expiredNotice: "انتهت صلاحية هذه البطاقة وقد لا تُقبل بعد الآن.",
    notYet: {
      title: "لحظة من فضلك",
      text: "محفظة Google ليست جاهزة لبطاقتك بعد. تعيد هذه الصفحة المحاولة من تلقاء نفسها.",
    },
    notTaken: {
      title: "لا تقبل محفظة Google هذه البطاقة",
      text: "يجب تصحيح شيء فيها أولًا. أخبر من أرسل إليك الرابط؛ وحتى ذلك الحين يعرض الرابط البطاقة هنا.",
    },
    busy: {
      title: "طلبات كثيرة جدًا",
      text: "أرسلت شبكتك طلبات كثيرة في وقت قصير. انتظر دقيقة ثم افتح الرابط مرة أخرى، وإن لم ينجح ذلك فحاول بعد ربع ساعة.",
    },
    gone: {
      voided: {
        title: "أُلغيت هذه البطاقة",
        text: "سحبها مُصدرها فلم يعد بالإمكان إضافتها أو استخدامها. إن لم تكن تتوقع ذلك فاطلب منه بطاقة جديدة.",
      },
      revoked: {
        title: "لم يعد هذا الرابط يعمل",
        text: "أوقفه مُرسله. البطاقة الموجودة في محفظتك تبقى فيها، وللحصول على رابط جديد راجع المُرسل.",
      },
      expired: {
        title: "انتهت صلاحية هذا الرابط",
        text: "كان صالحًا لمدة محدودة. اطلب رابطًا جديدًا ممن أرسله إليك.",
      },
      unknown: {
        title: "لا توجد بطاقة هنا",
        text: "تحقّق من نسخ الرابط كاملًا. إن لم يُفتح بعد ذلك فاطلب رابطًا جديدًا ممن أرسله إليك.",
      },
    },
    signup: {
      notSetUp: {
        title: "صفحة التسجيل هذه غير مُعدّة",
        text: "لا توجد هنا استمارة للانضمام إلى البرنامج، أو أنها مغلقة حاليًا. اسأل الشركة صاحبة البرنامج.",
      },
      unreadable: {
        title: "لا يمكن فتح صفحة التسجيل",
        text: "تعذّرت قراءة الرابط أو ما أرسله هاتفك. ارجع وحاول مرة أخرى، أو سجّل في موقع الشركة صاحبة البرنامج.",
      },
      failed: {
        title: "حدث خطأ هنا",
        text: "لا يمكن فتح صفحة التسجيل الآن. حاول مرة أخرى بعد بضع دقائق.",
      },
    },
  },
} as const satisfies Record<string, Words>;

/** The words of a language, or the English ones. */
export function wordsFor(language: string): Words {
  const [base = ""] = language.toLowerCase().split("-");
  return Object.hasOwn(words, base) ? words[base as keyof typeof words] : words.en;
}
