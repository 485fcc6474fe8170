//! What people call the fields, in the languages whose files they bring.

use crate::text::fold;
use model::field;
use model::ids::FieldId;

/// What a column's name says that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A field.
    Field(FieldId),
    /// First and last name in one.
    FullName,
    /// A name: the first, the last or both, as the other columns have it.
    Name,
    /// Names of segments.
    Segments,
}

/// A column's name as it is compared: folded, and without anything but letters and digits.
pub(super) fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    fold(name, &mut out);
    out.retain(char::is_alphanumeric);
    out
}

/// What the name of a column, made [`plain`], means; none where it means nothing known.
pub(super) fn meaning(plain: &str) -> Option<Meaning> {
    let exact = |words: &[&str]| words.contains(&plain);
    // A letter left out, added, changed or swapped in a longer word is the same word. A letter is four bytes at most; of
    // words that differ by more the distance isn't asked for, since in a line without separators it takes seconds.
    let close = |words: &[&str]| {
        let near = |word: &&&str| word.len() >= 6 && word.len().abs_diff(plain.len()) <= 4;
        plain.len() >= 6
            && words
                .iter()
                .filter(near)
                .any(|word| strsim::osa_distance(word, plain) <= 1)
    };
    let find = |same: &dyn Fn(&[&str]) -> bool| {
        SYNONYMS
            .iter()
            .find(|(_, words)| same(words))
            .map(|(meaning, _)| *meaning)
    };
    find(&exact).or_else(|| find(&close))
}

/// Whether a name has a word in it that makes its numbers no quantities: postal codes.
pub(super) fn is_code(plain: &str) -> bool {
    const WORDS: &[&str] = &[
        "zip",
        "postal",
        "postcode",
        "postnummer",
        "plz",
        "codpos",
        "cep",
        "iban",
        "nif",
        "dni",
        "vat",
    ];
    plain == "cp" || WORDS.iter().any(|word| plain.contains(word))
}

/// Whether a name speaks of a phone.
pub(super) fn is_phone(plain: &str) -> bool {
    const WORDS: &[&str] = &[
        "phone",
        "telefon",
        "mobil",
        "movil",
        "handy",
        "celular",
        "cellulare",
        "portable",
        "telemovel",
        "whatsapp",
        "gsm",
        "komork",
    ];
    matches!(plain, "tel" | "tlf" | "tfno" | "fax" | "cell" | "sms")
        || WORDS.iter().any(|word| plain.contains(word))
}

/// Every meaning with its names, made [`plain`]: English, Spanish, French, German, Italian, Portuguese, Catalan,
/// Dutch, Polish. A name that means one thing in one language and another in the next is left out.
const SYNONYMS: &[(Meaning, &[&str])] = &[
    (
        Meaning::Field(field::EMAIL),
        &[
            "email",
            "emails",
            "mail",
            "emailaddress",
            "mailaddress",
            "emailid",
            "useremail",
            "contactemail",
            "customeremail",
            "primaryemail",
            "correo",
            "correoelectronico",
            "direcciondecorreo",
            "direcciondecorreoelectronico",
            "direccionemail",
            "courriel",
            "adresseemail",
            "adressemail",
            "adresseelectronique",
            "emailadresse",
            "mailadresse",
            "elektronischepost",
            "postaelettronica",
            "indirizzoemail",
            "indirizzomail",
            "indirizzodipostaelettronica",
            "enderecodeemail",
            "enderecoeletronico",
            "correueelectronic",
            "correuelectronic",
            "adrecaelectronica",
            "emailadres",
            "mailadres",
            "adresemail",
            "pocztaelektroniczna",
            "adrespocztyelektronicznej",
        ],
    ),
    (
        Meaning::Field(field::EXTERNAL_ID),
        &[
            "externalid",
            "id",
            "customerid",
            "contactid",
            "userid",
            "clientid",
            "memberid",
            "subscriberid",
            "recordid",
            "customernumber",
            "customerno",
            "crmid",
            "externalkey",
            "idexterno",
            "idcliente",
            "idcontacto",
            "numerodecliente",
            "ncliente",
            "codigocliente",
            "codigodecliente",
            "identifiant",
            "idclient",
            "numeroclient",
            "numerodeclient",
            "kundennummer",
            "kundennr",
            "kundenid",
            "codicecliente",
            "numerocliente",
            "idextern",
            "codiclient",
            "klantnummer",
            "klantid",
            "idklienta",
            "numerklienta",
        ],
    ),
    (
        Meaning::Field(field::FIRST_NAME),
        &[
            "firstname",
            "fname",
            "forename",
            "givenname",
            "givennames",
            "christianname",
            "nombredepila",
            "primernombre",
            "nombrepila",
            "prenom",
            "prenoms",
            "vorname",
            "nomediproprio",
            "primeironome",
            "nomeproprio",
            "nomdepila",
            "prenume",
            "voornaam",
            "imie",
        ],
    ),
    (
        Meaning::Field(field::LAST_NAME),
        &[
            "lastname",
            "lname",
            "surname",
            "familyname",
            "secondname",
            "apellido",
            "apellidos",
            "primerapellido",
            "nomdefamille",
            "nachname",
            "familienname",
            "zuname",
            "cognome",
            "sobrenome",
            "apelido",
            "ultimonome",
            "cognom",
            "cognoms",
            "llinatges",
            "achternaam",
            "familienaam",
            "nazwisko",
        ],
    ),
    (
        Meaning::FullName,
        &[
            "fullname",
            "completename",
            "contactname",
            "customername",
            "displayname",
            "nombrecompleto",
            "nombreyapellidos",
            "nombreyapellido",
            "nombreapellidos",
            "apellidosynombre",
            "nomcomplet",
            "nometprenom",
            "nomprenom",
            "vollstandigername",
            "ganzername",
            "vorundnachname",
            "nomecompleto",
            "nomeecognome",
            "nomecognome",
            "nomicognoms",
            "volledigenaam",
            "imieinazwisko",
        ],
    ),
    (
        Meaning::Name,
        &["name", "names", "nombre", "nombres", "nom", "nome", "naam"],
    ),
    (
        Meaning::Field(field::MOBILE_PHONE),
        &[
            "mobilephone",
            "mobile",
            "mobilephonenumber",
            "mobilenumber",
            "mobileno",
            "cell",
            "cellphone",
            "cellnumber",
            "phone",
            "phonenumber",
            "phoneno",
            "telephone",
            "telephonenumber",
            "tel",
            "smsnumber",
            "smsphone",
            "whatsapp",
            "movil",
            "telefono",
            "telefonomovil",
            "numerodetelefono",
            "numerodemovil",
            "celular",
            "telefonocelular",
            "tlf",
            "tfno",
            "portable",
            "telephoneportable",
            "numerodetelephone",
            "numerodeportable",
            "handy",
            "handynummer",
            "mobilnummer",
            "telefonnummer",
            "telefon",
            "mobiltelefon",
            "rufnummer",
            "cellulare",
            "numerodicellulare",
            "numeroditelefono",
            "telefonocellulare",
            "telemovel",
            "telefone",
            "numerodetelefone",
            "telefonmobil",
            "mobil",
            "mobielenummer",
            "mobiel",
            "telefoonnummer",
            "telefoon",
            "gsm",
            "telefonkomorkowy",
            "numertelefonu",
            "komorka",
        ],
    ),
    (
        Meaning::Field(field::BIRTHDATE),
        &[
            "birthdate",
            "birthday",
            "dateofbirth",
            "dob",
            "bday",
            "borndate",
            "fechadenacimiento",
            "fechanacimiento",
            "fnacimiento",
            "nacimiento",
            "cumpleanos",
            "datedenaissance",
            "naissance",
            "anniversaire",
            "geburtsdatum",
            "geburtstag",
            "datadinascita",
            "nascita",
            "compleanno",
            "datadenascimento",
            "datanascimento",
            "nascimento",
            "aniversario",
            "datadenaixement",
            "datanaixement",
            "naixement",
            "aniversari",
            "geboortedatum",
            "verjaardag",
            "dataurodzenia",
            "urodziny",
        ],
    ),
    (
        Meaning::Field(field::POINTS),
        &[
            "points",
            "loyaltypoints",
            "rewardpoints",
            "pointsbalance",
            "puntos",
            "puntosdefidelidad",
            "saldodepuntos",
            "pointsdefidelite",
            "punkte",
            "treuepunkte",
            "bonuspunkte",
            "punti",
            "puntifedelta",
            "pontos",
            "punts",
            "punten",
            "spaarpunten",
            "punkty",
        ],
    ),
    (
        Meaning::Field(field::NEWSLETTER_STATUS),
        &[
            "newsletterstatus",
            "newsletter",
            "subscribed",
            "subscription",
            "subscriptionstatus",
            "subscriberstatus",
            "issubscribed",
            "newslettersubscription",
            "newslettersubscribed",
            "optin",
            "emailoptin",
            "optedin",
            "acceptsmarketing",
            "acceptsemailmarketing",
            "emailmarketing",
            "emailconsent",
            "emailmarketingconsent",
            "marketingconsent",
            "marketingoptin",
            "consent",
            "emailsubscriptionstatus",
            "suscrito",
            "suscrita",
            "suscripcion",
            "estadodesuscripcion",
            "boletin",
            "suscritoalboletin",
            "consentimiento",
            "aceptapublicidad",
            "aceptamarketing",
            "abonne",
            "abonnement",
            "inscrit",
            "consentement",
            "infolettre",
            "abonniert",
            "abonnent",
            "einwilligung",
            "newsletteranmeldung",
            "iscritto",
            "iscrizione",
            "consenso",
            "consensomarketing",
            "inscrito",
            "subscrito",
            "assinante",
            "consentimento",
            "subscrit",
            "subscripcio",
            "butlleti",
            "consentiment",
            "nieuwsbrief",
            "ingeschreven",
            "toestemming",
            "subskrypcja",
            "zapisany",
            "zgoda",
            "zgodamarketingowa",
        ],
    ),
    (
        Meaning::Field(field::SMS_STATUS),
        &[
            "smsstatus",
            "smsoptin",
            "smsconsent",
            "smsmarketing",
            "smsmarketingconsent",
            "acceptssms",
            "acceptssmsmarketing",
            "smssubscribed",
            "smssubscription",
            "aceptasms",
            "consentimientosms",
            "consentementsms",
            "smseinwilligung",
            "consensosms",
            "consentimentosms",
            "zgodasms",
        ],
    ),
    (
        Meaning::Field(field::EMAIL_STATUS),
        &["emailstatus", "emailstate", "deliverystatus", "estadodelcorreo"],
    ),
    (
        Meaning::Field(field::PHONE_STATUS),
        &["phonestatus", "phonestate", "estadodeltelefono"],
    ),
    (
        Meaning::Field(field::CONSENT_AT),
        &[
            "consentat",
            "consentdate",
            "consenttime",
            "consenttimestamp",
            "dateofconsent",
            "optindate",
            "optintime",
            "optinat",
            "optintimestamp",
            "subscribedat",
            "subscribedon",
            "subscriptiondate",
            "subscribedate",
            "confirmtime",
            "emailmarketingconsenttimestamp",
            "fechadeconsentimiento",
            "fechadesuscripcion",
            "fechasuscripcion",
            "fechadealta",
            "fechaalta",
            "dateconsentement",
            "dateabonnement",
            "datedabonnement",
            "dateinscription",
            "datedinscription",
            "einwilligungsdatum",
            "anmeldedatum",
            "dataconsenso",
            "datadiiscrizione",
            "dataiscrizione",
            "datadeinscricao",
            "datadesubscripcio",
            "datadalta",
            "inschrijfdatum",
            "datazgody",
            "datazapisu",
        ],
    ),
    (
        Meaning::Field(field::CONSENT_SOURCE),
        &[
            "consentsource",
            "sourceofconsent",
            "optinsource",
            "subscriptionsource",
            "signupsource",
            "origendelconsentimiento",
            "origenconsentimiento",
            "fuentedeconsentimiento",
            "origendelasuscripcion",
            "sourceduconsentement",
            "herkunftdereinwilligung",
            "fontedelconsenso",
            "origemdoconsentimento",
            "zrodlozgody",
        ],
    ),
    (
        Meaning::Field(field::PURCHASES_BEFORE),
        &[
            "purchasesbefore",
            "totalorders",
            "orderscount",
            "ordercount",
            "numberoforders",
            "numberofpurchases",
            "historicnumberoforders",
            "numerodepedidos",
            "totalpedidos",
            "numerodecompras",
            "nombredecommandes",
            "anzahlbestellungen",
            "numerodiordini",
            "aantalbestellingen",
            "liczbazamowien",
        ],
    ),
    (
        Meaning::Field(field::PURCHASE_AMOUNT_BEFORE),
        &[
            "purchaseamountbefore",
            "lifetimevalue",
            "historiccustomerlifetimevalue",
            "totalrevenue",
        ],
    ),
    (
        Meaning::Segments,
        &[
            "segments",
            "segment",
            "tags",
            "tag",
            "segmentos",
            "etiquetas",
            "etiquettes",
            "schlagworte",
            "etichette",
            "etiquetes",
            "labels",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_plain_and_means_one_thing() {
        let mut seen = std::collections::BTreeMap::new();
        for (meaning, words) in SYNONYMS {
            for word in *words {
                assert_eq!(plain(word), *word);
                assert_eq!(seen.insert(*word, meaning), None, "{word}");
            }
        }
    }

    #[test]
    fn names_are_known_whatever_their_case_accents_and_signs() {
        for (name, expected) in [
            ("E-mail", Meaning::Field(field::EMAIL)),
            ("Correo electrónico", Meaning::Field(field::EMAIL)),
            ("EMAIL_ADDRESS", Meaning::Field(field::EMAIL)),
            ("Emial Address", Meaning::Field(field::EMAIL)),
            ("Téléphone", Meaning::Field(field::MOBILE_PHONE)),
            ("Teléfono móvil", Meaning::Field(field::MOBILE_PHONE)),
            ("Prénom", Meaning::Field(field::FIRST_NAME)),
            ("Imię", Meaning::Field(field::FIRST_NAME)),
            ("Apellidos", Meaning::Field(field::LAST_NAME)),
            ("Geburtsdatum", Meaning::Field(field::BIRTHDATE)),
            ("Suscrito", Meaning::Field(field::NEWSLETTER_STATUS)),
            ("Nombre y apellidos", Meaning::FullName),
            ("Name", Meaning::Name),
            ("Tags", Meaning::Segments),
        ] {
            assert_eq!(meaning(&plain(name)), Some(expected), "{name}");
        }
        for name in ["Gasto total", "Tipo", "city", "last_visit", "spent", "notes", ""] {
            assert_eq!(meaning(&plain(name)), None, "{name}");
        }
    }
}
