//! Asks the vendor what the form or the sign-in wants to know, beside the lists: nothing of it is kept.

use tokio::sync::mpsc::WeakSender;

use crate::app::{CallId, Event, Question};
use crate::courier::Order;
use crate::domain::failure::Failure;
use crate::domain::looked::Told;
use crate::domain::offer::{Choice, FieldKey};
use crate::domain::slot::{CodeSession, FoundPatient, Listed};
use crate::shell::Answers;
use crate::vendor::Adapter;

/// The answer where the vendor cannot be asked.
pub fn refused(question: &Question, failure: Failure) -> Event {
    match *question {
        Question::Choices { call, field, .. } => choices(call, field, Err(failure)),
        Question::Patients { call, .. } => patients(call, Err(failure)),
        Question::SendCode { call, .. } | Question::ConfirmCode { call, .. } => {
            code(call, Err(failure))
        }
        Question::Terms { call, .. } => terms(call, Err(failure)),
        Question::Day { call, .. } => day_list(call, Err(failure)),
        Question::SignIn(_) => Event::SignInAnswered(Err(failure)),
        Question::ResendSignInCode => Event::SignInCodeSent(Err(failure)),
    }
}

/// Asks, and answers the console. A sign-in that succeeds is told to the courier, which waited for it.
pub async fn ask(
    question: Question,
    adapter: Result<&dyn Adapter, Failure>,
    courier: Option<WeakSender<Order>>,
    answers: Answers,
) {
    let event = match adapter {
        Ok(adapter) => answer(question, adapter).await,
        Err(failure) => refused(&question, failure),
    };
    if matches!(event, Event::SignInAnswered(Ok(())))
        && let Some(orders) = courier.and_then(|orders| orders.upgrade())
    {
        // A courier that takes nothing now tries again by itself.
        let _ = orders.try_send(Order::SignedIn);
    }
    // A console that has gone needs no answer.
    let _ = answers.send(event).await;
}

async fn answer(question: Question, adapter: &dyn Adapter) -> Event {
    match question {
        Question::Choices {
            call,
            field,
            context,
        } => choices(call, field, adapter.choices(field, &context).await),
        Question::Patients { call, context } => {
            patients(call, adapter.find_patients(&context).await)
        }
        Question::SendCode {
            call,
            context,
            before,
        } => self::code(call, adapter.send_code(&context, before).await),
        Question::ConfirmCode {
            call,
            session,
            code,
        } => self::code(call, adapter.confirm_code(session, code.0).await),
        Question::Terms { call, subject } => terms(call, adapter.terms(&subject).await),
        Question::Day { call, day } => day_list(call, adapter.day_list(day).await),
        Question::SignIn(code) => Event::SignInAnswered(adapter.confirm_sign_in(code.0).await),
        Question::ResendSignInCode => Event::SignInCodeSent(adapter.resend_sign_in_code().await),
    }
}

fn choices(call: CallId, field: FieldKey, result: Result<Vec<Choice>, Failure>) -> Event {
    Event::ChoicesLoaded {
        call,
        field,
        result,
    }
}

fn patients(call: CallId, result: Result<Vec<FoundPatient>, Failure>) -> Event {
    Event::PatientsFound { call, result }
}

/// A code went out, or came back.
fn code(call: CallId, result: Result<CodeSession, Failure>) -> Event {
    Event::CodeAnswered { call, result }
}

fn terms(call: CallId, result: Result<Vec<Told>, Failure>) -> Event {
    Event::TermsLoaded { call, result }
}

fn day_list(call: CallId, result: Result<Vec<Listed>, Failure>) -> Event {
    Event::DayLoaded { call, result }
}
